"""What the authors' comment says of a paper: whether this paper, and no other, is withdrawn.

A comment is read clause by clause, as a sentence about something: "withdrawn" may be said of an older version, of
another paper, of a submission to a conference, of a name, or be taken back. Only what is said of this paper counts.
"""

import re

_WITHDRAW = r"(?:(?:be(?:en|ing) )?(?:with?drawn?(?:ed)?|withdrawed|widthdrawn|retracted|removed by arxiv)|withdrew)"
_WORD = re.compile(r"with?dr(?:aw|ew)|widthdrawn|retract|removed by arxiv", re.IGNORECASE)
_CLAUSE = re.compile(r"[;\n]+|(?<![A-Z]\.[A-Z])\.(?=\s|$)(?<!\bal\.)(?<!\bv\.)")
_THIS = (
    r"(?:(?:this|the|our|my|present|current|whole|entire) )*(?:arxiv |pre-?print |short |research |conference "
    r"|review )?(?:papers?|articles?|"
    r"manuscripts?|submissions?|e?-?prints?|pre-?prints?|works?|notes?|drafts?|reports?|letters?|documents?"
    r"|stud(?:y|ies)|thes[ie]s|entry|"
    r"version|posting|text|survey|it|this|dataset paper)"
)
# What else may be withdrawn, or how it may be taken back.
_OTHER = re.compile(
    r"(?:withdrawn|withdrew|retracted) from (?!arxiv|the arxiv|publication|public)"
    r"|(?:withdrawn|retracted|withdrew)(?: it| this paper)? (?:before|prior to|after) (?:the )?(?:review"
    r"|submission|publication|decision|rebuttal|conference|acceptance)"
    r"|(?:by mistake|mistakenly|accidentally|accidental|inadvertently|erroneously|by accident|wrongly|in error)"
    r"|\b(?:not|never|n't|no longer|neither)\b(?: \w+){0,3} (?:withdrawn|retracted|withdraw|retract)"
    r"|\b(?:names?|authors?|co-?authors?|authorship|figures?|tables?|sections?|theorem|lemma|proposition|claims?"
    r"|conjecture|proof|"
    r"appendix|code|data(?:set)?|model|consent|support|nomination|application|drugs?|patent|statement|comment"
    r"|reference|funding)s?"
    r"(?: \d+(?:\.\d+)*| \w){0,2}(?: (?:has|have|had|was|were|is|are))?(?: been)?(?: now)? (?:withdrawn"
    r"|retracted)\b(?! (?:this|the|our|my) )"
    r"|\b(?:withdrawn|retracted|withdrawing|retracting) (?:\w+ )?(?:papers|drugs?|articles|manuscripts"
    r"|submissions|version|products?|preprints|publications|"
    r"conference|arxiv:|paper arxiv)"
    r"|(?:previous|previously|earlier|older|old|former|formerly|original|first|initial|prior|another|other"
    r"|companion|v\d+|version \d+|"
    r"different|related|duplicate)\b[^:]{0,60}(?:withdrawn|retracted|withdrew)\b"
    r"|(?:arxiv:\s?\S{1,40}|\d{4}\.\d{4,5}\S{0,9}|\b[a-z-]{2,12}/\d{7}\S{0,9})[\s,(]{0,5}"
    r"(?:[\w\s]{0,24}\b(?:was|is|has been|been|now|which)\b)?[\s(]{0,5}(?:withdrawn|retracted)"
    r"|text overlap with[^.]{0,80}arxiv:\S{1,40}[^.]{0,40}withdrawn"
    r"|^\W{0,9}withdrawn (?:at(?! the request)|in) |\bwithdrawn (?:\w+ ){0,2}submissions?\b"
    r"|if withdrawn|(?:may|might|could|would) be (?:withdrawn|retracted)"
    r"|\b(?:symptoms?|cash|water|drug|heat)\b[^.]{0,12}withdrawal|withdrawal symptom"
    r"|withdrawal (?:rates?|behaviou?rs?|of (?:water|funds|troops|support|care))|(?:supersedes|replaces"
    r"|replacement (?:of|for)|instead of)\b[^.]{0,60}(?:withdrawn|retracted)"
    r"|(?:submitted|submission|accepted|under review|resubmitted)\b[^.]{0,60}\b(?:but|then|and|later|now|since"
    r"|and then|subsequently)?\s*(?:was |has been )?withdrawn(?: (?:later|due to (?:dual|length|time|page"
    r"|schedul|travel|deadline|fee|registration|policy|visa|funding)\w*))?$"
    r"|(?:submitted|accepted)\b[^.]{0,60}\b(?:but|then|and later|and then|subsequently)(?: \w+)? (?:withdrawn"
    r"|withdrew)"
    r"|(?:papers|articles|preprints) (?:that were |which were |later |been )*(?:withdrawn|retracted)|about"
    r" (?:withdrawn|retracted|withdrawal)"
    r"|(?:withdrawn|retracted|withdrawal)[- ](?:paper|article|notice)s? (?:detection|dataset|corpus|analysis"
    r"|database)",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:re-?instated?|re-?stored?|re-?posted|re-?uploaded|un-?withdrawn)\b|\b(?:now|then|and|has been|is|was"
    r"|been)\s+re-?submitted\b"
    r"|\bnow\b[^.;]{0,30}\b(?:\d+ pages|fixed|corrected|revised|valid|repaired|resolved|available|replaced|back"
    r"|complete|includes?|contains?|accepted|published)"
    r"|\b(?:error|bug|mistake|gap|proof|flaw|issue|problem)s?\b[^.;]{0,40}\b(?:is|are|was|were|has been|have"
    r" been)( now)? (?:fixed|corrected|repaired|resolved|filled)"
    r"|\b(?:this|the present|the current|new) (?:version|one|paper)\b[^.;]{0,30}\b(?:corrects|fixes|replaces"
    r"|repairs|is a correct|is correct)",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:will|to|may|once|until|when|after|should|can|could)\b[^.;]{0,25}$", re.IGNORECASE)
_IS_WITHDRAWN = re.compile(
    rf"^\W{{0,9}}(?:\w{{1,20}}[:,-]\s?)?(?:now |temporarily |permanently |voluntarily |has been |being |to be "
    rf"|currently |already |since )*{_WITHDRAW}\b"
    rf"|\b{_THIS}\W{{1,9}}(?:(?:has|have|had|is|was|are|were|be|will be|should be|must be|needs to be|being|been|to be"
    rf"|hereby|now|temporarily|therefore|thus|"
    rf"unfortunately|permanently|voluntarily|officially|[({{[])\W{{0,9}})*{_WITHDRAW}\b"
    rf"|\b{_THIS}\b[^.;,]{{0,40}} and (?:is|was|has been) (?:now |hereby )?{_WITHDRAW}\b"
    rf"|\b{_WITHDRAW} (?:by|at the request of|on behalf of|upon request of) (?:(?:the|its|all|arxiv|first"
    rf"|corresponding|lead|submitting|original|authors?'?|of|"
    rf"request of the|administrators?|admins?) ?)*\b(?:authors?|arxiv|admin\w*|submitter|us|me|owner|moderat\w+"
    rf"|contact)"
    rf"|\b{_WITHDRAW} (?:due to|because|owing to|pending|as (?:the|it|we|there|some|its|this|a)\b|since|for"
    rf" (?:now|further|revision|major|the time|legal|copyright)|"
    rf"in (?:order|light|favou?r)|on account|from (?:the )?arxiv|from public|until|to (?:fix|correct|revise|be))"
    r"|\b(?:so|thus|therefore|hence|^) ?(?:we are )?withdrawing\b|^\W{0,9}(?:withdrawing|retracting)\b(?! from)"
    r"|\b(?:withdraw(?:al|ing|l)?|retraction)\b\W{0,9}(?:reasons?|requests?|requested|statement|notice|note"
    r"|comment)\b|\breasons? (?:for|of) (?:the )?(?:withdraw|retract)"
    r"|\(\W{0,9}(?:now |paper |article )?(?:withdrawn|retracted)\W{0,9}\)|^\W{0,9}(?:withdrawal|retraction)\s*[:–—-]"
    r"|\b(?:withdrawal|retraction) of (?:this|the|our|my) (?:paper|article|manuscript|submission|preprint|work"
    r"|version)"
    r"|\b(?:I|we|authors?|i am|we are|submitter|he|she|they|co-?authors?)\b[^.;]{0,60}\b(?:withdraw(?:s|ing|n)?"
    r"|withdrew|retract(?:s|ed|ing)?) (?:this|the|our|my|it\b|from arxiv|the present)"
    r"|\b(?:request(?:s|ed|ing)?|ask(?:s|ed)?|wish(?:es)?|want(?:s)?|decided?|need|like|please|have|has|had|must"
    r"|going)\b[^.;]{0,30}\b(?:to )?(?:withdraw|retract)\b(?! from (?!arxiv|the arxiv))"
    r"|\brequest(?:s|ed|ing)? (?:a |the )?(?:withdrawal|retraction)(?! from)"
    r"|\b(?:paper|article|manuscript|submission|preprint|work)s? (?:withdrawal|retraction)\b|\bwithdraw this"
    r" (?:paper|article|submission|preprint|manuscript)",
    re.IGNORECASE,
)
_BEGINS_ABSTRACT = re.compile(
    rf"\W{{0,9}}{_THIS}\s+(?:has (?:now )?been|have been|was|is|is being)\s+(?:temporarily\s+|now\s+)?(?:withdrawn"
    rf"|retracted)\b|\W{{0,9}}(?:withdrawn|retracted)\W{{0,9}}(?:by the|due|because|$)",
    re.IGNORECASE,
)


def tells_withdrawal(comment: str) -> bool:
    """Whether COMMENT says that the paper which it belongs to is withdrawn.

    >>> tells_withdrawal("Withdrawn by the authors: Lemma 2 is wrong"), tells_withdrawal("Withdrawn from a workshop")
    (True, False)
    """
    if not _WORD.search(comment):
        return False
    found = False
    for clause in _clauses(comment):
        if _WORD.search(clause):
            found = found or (not _OTHER.search(clause) and bool(_IS_WITHDRAWN.search(clause)))
    back = _BACK.search(comment, _WORD.search(comment).start())  # type: ignore[union-attr]
    return found and not (back and not _STILL.search(comment, 0, back.start()))


def _clauses(comment: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(comment) if clause and clause.strip()]


def abstract_tells_withdrawal(abstract: str) -> bool:
    """Whether ABSTRACT begins with the words that its paper is withdrawn."""
    return bool(_BEGINS_ABSTRACT.match(abstract))
