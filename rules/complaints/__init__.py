"""Is this a complaint, and which words say so? (docs/complaints.md)

assessing   the question and its answer: assess a text
frames      whose mail is asked at all
words       a text as words and sentences
cues        turns of phrase that do something: the tables in cues/
classes     words of like meaning: the tables in classes/
features    what of a text a model may learn from
model       trained weights, and what they say of a text
evidence    the words that say so
"""
