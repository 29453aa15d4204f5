"""Triage: which mail becomes a case, in whose queue, how soon, and how a case moves on.

what is known of a mail (Situation) → the table of rules.triage.policy, first line that holds → Decision
what happens to a case (CaseEventKind) → rules.triage.states → its next state
"""
