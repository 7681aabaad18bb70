"""The other commands, one module each: `init`, `doctor`, `alarm`, `import`, `demo`.

In: the context that cli.py made.
Out: lines for the operator, and files.
"""
