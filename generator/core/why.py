"""Why a paper has no verdict, as records say it. The site's words are the texts whose keys begin with `why_`."""

FILTERED = "content filter"
REFUSED = "refused"
NO_ANSWER = "no valid answer"
CUT_OFF = "cut off"
TOO_LONG = "too long"
NO_BUDGET = "budget"
MODEL_ERROR = "model error"
MODEL_BUSY = "model error: busy"
MODEL_SILENT = "model error: no answer"
MODEL_REJECTS = "model error: request rejected"

KEY_REFUSED = "key refused"
MODEL_ENDED = "model ended"
NO_CREDIT = "no credit"
"""Only the operator can help: `RefusedError.why`, and `Day.pending`."""

HELD = "held: its text tells its reader what to do"
"""Where config.toml says `flagged = "hold"`."""

WAITING = "batch"
"""Nothing is wrong: the provider has its batch, or the budget forbade one."""

UNREAD = "not read again"
"""No verdict of a model, but a rank that an earlier run of the offline judge gave."""

NO_KEY = "no key"
"""A day that a model judged in part, in a run without a key."""

FINAL = frozenset({FILTERED, REFUSED, HELD})
"""What stays so for good: a day that lacks nothing else is as complete as it gets."""
