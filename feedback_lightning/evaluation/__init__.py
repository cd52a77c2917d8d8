"""Programs in, measured outcomes out: scored repairs, results.json, and the commands that make and compare them.

scoring.py      repairs are run, their edits measured
results.py      figures with intervals, results.json, tables
module.py       EvaluationModule: generate and score (the commands test and predict)
execute.py      score repairs that are there already (the command execute)
audit.py        what is wrong with a dataset (the command audit)
compare.py      two models on the same programs (the command compare)
"""
