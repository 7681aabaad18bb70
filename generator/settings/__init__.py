"""config.toml: read, checked, explained.

In: the file and the environment.
Out: one frozen `Config`, and the reference page that is made from it.
"""
