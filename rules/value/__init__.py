"""What is a customer worth, how do they pay, are they leaving, and what should be done next? (docs/value.md)

revenue      what came in, by month and period, margin less case cost, trend, share
balance      what of one invoice is open: Skonto, part payments, retention, credit notes, refunds
payments     how a customer pays: overdue, days late, DSO, what they do with Skonto
rhythm       how often somebody orders, and how long it has been
rfm, abc     where a customer stands among all; who moved
nps          would they recommend us, and how sure that is
repeats      transactions as the models of repeat trade want them
bgnbd        who is still a customer, and how often they will buy again
gammagamma   what their purchases are worth on average
lifetime     both together: what a customer will contribute, and when that cannot be said
segments     kinds of customers, who is at risk, whom to win back
next_action  the one thing to do next
lookalikes   who resembles the best customers

Below them `maximum` finds the highest point of a likelihood and `special` holds the functions that numpy lacks.
"""
