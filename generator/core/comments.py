"""What the authors' comment says of a paper: whether this paper, and no other, is withdrawn.

A comment is read clause by clause, as a sentence about something: "withdrawn" may be said of an older version, of
another paper, of a submission to a conference, of a name, or be taken back. Only what is said of this paper counts.
"""

import re

_REMOVED = r"(?:removed|pulled) by (?:arxiv|(?:(?:the|its|all) )*(?:authors?|submitter)\b)"
_WITHDRAW = rf"(?:(?:be(?:en|ing) )?(?:with?drawn?(?:ed)?|withdrawed|widthdrawn|retracted|{_REMOVED})|withdrew)"
_WORD = re.compile(rf"with?dr(?:aw|ew)|widthdrawn|retract|{_REMOVED}|撤[稿回销]", re.IGNORECASE)
_CLAUSE = re.compile(r"[;；。\n]+|(?<![A-Z]\.[A-Z])\.(?=\s|$)(?<!\bal\.)(?<!\bv\.)")
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
    r"|\b(?:withdraw|retract)\w* (?:the |our |this |a |that |earlier |previous |main |first |some "
    r"|all )*(?:claims?|statements?|theorems?"
    r"|conjectures?|lemmas?|corollar(?:y|ies))\b|withdrew as (?:an? )?(?:co-?)?author"
    r"|^\W{0,9}retracted (?!by|due|because|since|as|for|from|pending|owing|at|on|upon|after|following|in"
    r"|until|this|paper"
    r"|article|preprint)\w"
    r"|(?:withdrawn|retracted) (?:is|was) (?:wrong|false|incorrect|untrue|a mistake)|^\W{0,9}no (?!longer)"
    r"|\b(?:re-?submission|extension|revision|version) of (?:an?|the|our) [\w ]{0,30}(?:withdrawn|retracted)"
    r"|\b(?:workshop|journal|shorter|extended|preliminary|camera-ready|proceedings|poster) (?:version"
    r"|paper|submission)"
    r"\b[^.;]{0,20}(?:withdrawn|retracted)"
    r"|\b(?:parts?|half|portions?|pieces?) of (?:this|the|our|my)\b[^.;]{0,30}(?:withdrawn|retracted)"
    r"|(?:\b(?-i:[A-Z])[A-Za-z]+ ?'?\d{2,4}\b|\b(?-i:[A-Z]{3,}) (?:\w+ ){0,2}submission\b|\b(?:accepted|submitted"
    r"|conference|workshop)\b)[^.;()]{0,40}(?:\(|, )\W{0,3}(?:later |then |but |since )?(?:withdrawn|retracted)\b"
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
    r"(?:(?:(?!\b(?:so|this|our|hence|thus)\b)[\w\s]){0,24}\b(?:was|is|has been|been|now|which)\b)?[\s(]{0,5}"
    r"(?:withdrawn|retracted)"
    r"|text overlap with[^.]{0,80}arxiv:\S{1,40}[^.]{0,40}withdrawn"
    r"|^\W{0,9}withdrawn (?:at(?! the request)|in (?!favou?r|light|order))|\bwithdrawn (?:\w+ ){0,2}submissions?\b"
    r"|if withdrawn|(?:may|might|could|would) be (?:withdrawn|retracted)"
    r"|\b(?:symptoms?|cash|water|drug|heat)\b[^.]{0,12}withdrawal|withdrawal symptom"
    r"|withdrawal (?:rates?|behaviou?rs?|of (?:water|funds|troops|support|care))|(?:supersedes|replaces"
    r"|replacement (?:of|for)|instead of)\b[^.]{0,60}(?:withdrawn|retracted)"
    r"|(?:submitted|submission|accepted|under review|resubmitted)\b[^.]{0,60}\b(?:but|then|and|later|now|since"
    r"|and then|subsequently)?\s*(?:was |has been )?withdrawn(?: (?:later|(?:due to|because of) (?:dual"
    r"|length|time|page"
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
    r"|已?(?:恢复|重新上线|重新发布)"
    r"|\b(?:error|bug|mistake|gap|proof|flaw|issue|problem)s?\b[^.;]{0,40}\b(?:is|are|was|were|has been|have"
    r" been)( now)? (?:fixed|corrected|repaired|resolved|filled)"
    r"|\b(?:this|the present|the current|new) (?:version|one|paper)\b[^.;]{0,30}\b(?:corrects|fixes|replaces"
    r"|repairs|is a correct|is correct)",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:will|to|may|once|until|when|after|should|can|could)\b[^.;]{0,25}$", re.IGNORECASE)
_IS_WITHDRAWN = re.compile(
    rf"^\W{{0,9}}(?:\w{{1,20}}[:,-]\s?)?(?:now |temporarily |permanently |voluntarily |has been |being |to be "
    rf"|currently |already |since |(?:needs|has|had) to be |(?:must|should|will) be )*{_WITHDRAW}\b"
    rf"|[,:] (?:now |hence |thus )?{_WITHDRAW}\W{{0,3}}$"
    rf"|\b{_THIS}\W{{1,9}}(?:(?:has|have|had|is|was|are|were|be|will be|should be|must be|needs to be"
    rf"|being|been|to be"
    rf"|hereby|now|temporarily|therefore|thus|"
    rf"unfortunately|permanently|voluntarily|officially|[({{[])\W{{0,9}})*{_WITHDRAW}\b"
    rf"|\b{_THIS}\b[^.;,]{{0,60}} and (?:is|was|has(?: therefore| thus| hence| now)? been) (?:now "
    rf"|hereby )?{_WITHDRAW}\b"
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
    r"|\(\W{0,9}(?:now |paper |article )?(?:withdrawn|retracted)\W{0,9}\)|^\W{0,9}(?:withdrawal"
    r"|retraction)\s*(?:[:–—]|-(?!\w))"
    r"|^\W{0,9}(?:(?:full|author'?s?'?) )?(?:withdraw(?:al)?|retraction)(?:\W{0,9}$| (?:due to|because|owing to|upon"
    r"|(?:at|on) (?:the )?request|by (?:the )?authors?)\b)"
    r"|\b(?:withdrawal|retraction) of (?:this|the|our|my) (?:paper|article|manuscript|submission|preprint|work"
    r"|version)"
    r"|\b(?:I|we|authors?|i am|we are|submitter|he|she|they|co-?authors?)\b[^.;]{0,60}\b(?:withdraw(?:s|ing|n)?"
    r"|withdrew|retract(?:s|ed|ing)?) (?:this|the|our|my|it|from arxiv)\b"
    r"|\b(?:request(?:s|ed|ing)?|ask(?:s|ed)?|wish(?:es)?|want(?:s)?|decided?|need|like|please|have|has|had|must"
    r"|going)\b[^.;]{0,30}\b(?:to )?(?:withdraw|retract)\b(?! from (?!arxiv|the arxiv))"
    r"|\brequest(?:s|ed|ing)? (?:a |the )?(?:withdrawal|retraction)(?! from)"
    r"|\b(?:paper|article|manuscript|submission|preprint|work)s? (?:withdrawal|retraction)\b|\bwithdraw this"
    r" (?:paper|article|submission|preprint|manuscript)",
    re.IGNORECASE,
)
_SURELY = re.compile(
    rf"\b(?:this|it)(?: {_THIS})? is (?:now )?an? (?:now )?(?:withdrawn|retracted) (?:{_THIS})\b", re.IGNORECASE
)
_OTHER_IN_CHINESE = re.compile(
    r"曾|此前|之前|原先|(?<!错)误被?撤|误操作|误点|错误地|(?:未|没有|并非|不是|不再|不会|无需)(?:被|曾|要求|申请)*撤"
    r"|(?:第[一二三四五\d]+|旧|前一?|早期|初|上一|原)个?版|[vV]\d|另一篇|前作"
    r"|(?:投稿|从|自|向|(?<![A-Z])[A-Z]{3,12}\s?'?\d{0,4})[^，,]{0,15}撤[稿回销]"
    r"|(?:定理|引理|命题|推论|图|表|代码|数据集?|模型|声明|结论|署名|附录|资金|同意|专利|申请书)\d*(?:已经?|被"
    r"|均)*撤[稿回销]"
    r"|撤[稿回销][A-Za-z\d ]{0,15}[论論]文的|撤[稿回销]的?(?:论文|文章|稿件)(?:的|数据|引用|检测|分析"
    r"|研究|现象)|研究[^，,]{0,6}撤[稿回销]|撤[稿回销](?:率|现象|数据|操作)"
)
_IN_CHINESE = re.compile(
    r"^\W*(?:this version)?(?:已经?|被|申请|请求|现|暂时?|正式)*撤[稿回销]"
    r"|(?:[本该此]|这篇|全)(?:[论論]?文章?|稿件?|预印本|版本?|工作|投稿|研究)[^，,]{0,20}撤[稿回销]"
    r"|(?:[论論]文|文章|稿件|预印本)[^，,]{0,20}撤[稿回销]"
    r"|(?:作者|我们|本人|笔者|编辑)[^，,]{0,12}撤[稿回销]|(?:因|由于|鉴于)[^，,]{1,40}撤[稿回销]"
    r"|撤[稿回销](?:原因|说明|声明|申请|请求|通知)"
    r"|撤[稿回销]了?(?:[本该此]|这篇)"
)
_VERSION = re.compile(r"\bv(?:ersion )?(\d{1,4})(?!\d)", re.IGNORECASE)
_BEGINS_ABSTRACT = re.compile(
    rf"\W{{0,9}}{_THIS}\s+(?:has (?:now )?been|have been|was|is|is being)\s+(?:temporarily\s+|now\s+)?(?:withdrawn"
    rf"|retracted)\b|\W{{0,9}}(?:withdrawn|retracted)\W{{0,9}}(?:by the|due|because|$)",
    re.IGNORECASE,
)


def tells_withdrawal(comment: str, version: int | None = None) -> bool:
    """Whether COMMENT, of a paper's VERSION, says that the paper which it belongs to is withdrawn.

    >>> tells_withdrawal("Withdrawn by the authors: Lemma 2 is wrong"), tells_withdrawal("Withdrawn from a workshop")
    (True, False)
    >>> tells_withdrawal("Version 2 is withdrawn", version=2), tells_withdrawal("Version 2 is withdrawn", version=3)
    (True, False)
    """
    if version:
        comment = _VERSION.sub(lambda told: "this version" if int(told[1]) == version else told[0], comment)
    if not (word := _WORD.search(comment)):
        return False
    found = any(map(_tells, _clauses(comment)))
    back = _BACK.search(comment, word.start())
    return found and not (back and not _STILL.search(comment, 0, back.start()))


def _tells(clause: str) -> bool:
    if not (word := _WORD.search(clause)):
        return False
    if word[0][0] == "撤":
        return bool(_IN_CHINESE.search(clause)) and not _OTHER_IN_CHINESE.search(clause)
    return bool(_SURELY.search(clause) or (_IS_WITHDRAWN.search(clause) and not _OTHER.search(clause)))


def _clauses(comment: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(comment) if clause and clause.strip()]


def abstract_tells_withdrawal(abstract: str) -> bool:
    """Whether ABSTRACT begins with the words that its paper is withdrawn."""
    return bool(_BEGINS_ABSTRACT.match(abstract))
