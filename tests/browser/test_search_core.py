"""What a query is taken for, what it finds and what it loads: the search's own scripts, asked in real Chromium."""

import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request
from support import archive
from support.project import CONFIG, PROJECT
from support.site_files import site_folder

from generator.publish.search import build as search
from generator.publish.site.serve import make_server
from generator.records.store import Store
from generator.records.summaries import summaries

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import make_archive

YEARS = 3
PICKS = (
    archive.pick(1, 9, "agents", "用投机解码，加速大模型推理。", title="Fine-tuned code models", authors=["Wei Zhang"]),
    archive.pick(
        2, 8, "agents", "“投机解码”与《知识蒸馏》的比较", title="Guaranteed biases of using GPUs", authors=["Ann Lee"]
    ),
    archive.pick(3, 8, "agents", "控制一类错误", title="A type I error", authors=["Jan van der Berg", "Zhang Wei Li"]),
    archive.pick(
        4, 9, "dl-theory", "比较张量", title="Weights to code", authors=["Wei Xu", "Bo Zhang", "Xiao-Ming Li"]
    ),
    archive.pick(
        5,
        7,
        "dl-theory",
        "研究优化",
        title="Mixtures of experts",
        authors=["Paul Erdős", "Bowen Chen"],
        categories=("cs.RO",),
    ),
)
ABSTRACTS = {
    "2601.00004": "We train with GRPO. Large language models are compressed by low-rank adaptation, at last.",
    "2601.00005": "Speculative decoding of 3.5 tokens is fast. It drafts video frames with a diffusion model.",
}
ASK = """async ([query, wanted]) => {
  const { search } = await import(new URL("assets/js/search/engine.js", document.baseURI));
  const { places } = await import(new URL("assets/js/search/marks.js", document.baseURI));
  const found = await search(query, { sort: "date", ...wanted });
  const papers = await found.next(10);
  const marks = papers.flatMap(({ t, a, r }) => [t, a, r].flatMap((text) =>
    places(text, found.marks).map(([from, to]) => text.slice(from, to))));
  return {
    ids: papers.map((paper) => paper.i), marks, count: found.count, cut: found.cut, instead: found.instead,
    also: found.also, chips: found.chips, notes: found.notes, named: found.hits.map(({ name }) => name),
  };
}"""
ANSWERS = """async (query) => {
  const { answers } = await import(new URL("assets/js/search/answers.js", document.baseURI));
  const found = [];
  for await (const { count, partly } of answers(query, { sort: "relevance" })) found.push([count, partly ?? 0]);
  return found;
}"""
CALL = """async ([script, name, all]) => {
  const found = (await import(new URL(script, document.baseURI)))[name];
  return all.map((one) => found(one));
}"""
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page beside the index of these papers, the newest, and of two years before them."""
    root = tmp_path_factory.mktemp("core")
    (root / "config.toml").write_bytes(CONFIG.read_bytes())
    make_archive.make_archive(root, YEARS - 1, days=250, picks=4, rest=0, last=2025)
    store = Store(root / "docs" / "data")
    store.write(archive.day(picks=PICKS), ABSTRACTS)
    target = root / "site"
    shutil.copytree(PROJECT / "overrides" / "assets" / "js", target / "assets" / "js")
    (target / "index.html").write_text("<!doctype html><html lang=zh><title>x</title><link rel=icon href=data:,>")
    search.build(store, archive.config(), summaries(store, root / "none"), site_folder(target), root / "kept")
    server = make_server(target, "https://reader.example/daily/", port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/daily/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(page: Page) -> Ask:
    """What the search finds of a query in the newest year; every test begins with nothing loaded."""
    page.reload()
    return lambda query, **wanted: page.evaluate(ASK, [query, {"period": "2026"} | wanted])


def sought(page: Page, query: str) -> list[dict[str, Any]]:
    """What QUERY is taken to look for: the first alternative of each clause."""
    (found,) = called(page, "search/query.js", "readQuery", [query])
    return [clause["alternatives"][0] for clause in found["clauses"]]


def called(page: Page, script: str, function: str, arguments: list[str]) -> list[Any]:
    """What FUNCTION of a SCRIPT makes of each of ARGUMENTS."""
    found: list[Any] = page.evaluate(CALL, [f"assets/js/{script}", function, arguments])
    return found


@contextmanager
def loaded(page: Page) -> Iterator[list[str]]:
    """The files of words that are loaded meanwhile."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/words/" in request.url:
            found.append(request.url)

    page.on("request", note)
    yield found
    page.remove_listener("request", note)


INFLECTED = """tune tunes tuned tuning, code codes coded coding, rate rates rated rating, make makes making, fuse
 fused fusing, use uses used using, control controls controlled controlling, model models modeling modelled modelling,
 label labelled labeled, cache caches cached caching, study studies studied studying, query queries querying, fit fits
 fitted fitting, plan plans planned planning, plane planes, hop hops hopped hopping, hope hopes hoped hoping, embed
 embeds embedded embedding embeddings, bias biases biased, add adds added adding, call calls called calling, install
 installing, age aging aged, denoise denoising, solve solved solving, sample samples sampling, generate generated
 generating, box boxes boxing, edit editing, write writing, type types typed typing, agree agreed agrees, guarantee
 guaranteed, gpu gpus, process processes processing, class classes, match matches matching, movie movies, apply
 applies applied, us, cod, mak, tun, rat"""


def test_inflected_words_have_one_stem_and_others_have_others(page: Page) -> None:
    """With an e that is dropped, a consonant that is doubled, a y that becomes i; all begin as shards are asked for."""
    groups = [group.split() for group in INFLECTED.split(",")]
    stems = [called(page, "search/tokens.js", "stem", group) for group in groups]
    assert [group for group, found in zip(groups, stems, strict=True) if len(set(found)) > 1] == []
    assert len({found[0] for found in stems}) == len(groups)
    begun = called(page, "search/tokens.js", "beginning", [found[0] for found in stems])
    assert all(word.startswith(begins) for group, begins in zip(groups, begun, strict=True) for word in group)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("fine-tune ", "Fine-tuned"),
        ("coding ", "code"),
        ("guarantee ", "Guaranteed"),
        ("bias ", "biases"),
        ("gpu ", "GPUs"),
        ("use ", "using"),
    ],
)
def test_a_word_finds_and_marks_its_other_forms(ask: Ask, query: str, marked: str) -> None:
    """Whatever form it was typed in."""
    assert marked in ask(query)["marks"]


PUNCTUATED = """投机解码|"投机解码|“投机解码|投机解码”|'投机解码'|（投机解码）|投机解码，|投机解码。|投机解码！|
《投机解码》|『投机解码』|「投机解码」|“投机解码”|"投机解码。"|《投机解码|🔥投机解码|投机、解码|
投机\u200b解码|投机\u00ad解码|\u202e投机解码"""


@pytest.mark.parametrize("query", PUNCTUATED.replace("\n", "").split("|"))
def test_punctuation_around_chinese_hides_nothing(ask: Ask, query: str) -> None:
    """Quotes of any kind, balanced or not, sentence marks, invisible signs."""
    assert ask(query)["ids"] == ["2601.00001", "2601.00002"]


@pytest.mark.parametrize(
    "query",
    [
        "“投机解码”，推理",
        "投机解码、推理",
        '"投机解码"推理',
        "推理“投机解码”",
        "用投机解码，加速大模型推理。",
        "投机解码（推理）",
    ],
)
def test_a_mark_within_chinese_ends_a_term(ask: Ask, query: str) -> None:
    """What stands before and behind it is looked for by itself."""
    assert ask(query)["ids"] == ["2601.00001"]


def test_quotes_keep_a_phrase_together(page: Page) -> None:
    """Chinese ones as Latin ones, with what stands in them unchanged."""
    found = sought(page, '“a b”，"c，丁" 『戊 己』 it\'s')
    assert [clause["text"] for clause in found] == ["a b", "c,丁", "戊 己", "it's"]
    assert [clause["kind"] for clause in found] == ["phrase", "phrase", "phrase", "text"]


PASTED = """ID|IDv2|IDv2.pdf|arXiv:IDv1|arXiv: ID|arXiv ID|arXiv:IDv2 [cs.CL] 3 Jan 2026|ID [cs.LG]|id:ID|ID。|(ID)|
https://arxiv.org/abs/ID?context=cs.CL|https://arxiv.org/html/IDv1#S3|arxiv.org/pdf/IDv2.pdf?download=1|[ID]|《ID》|
https://arxiv.org/pdf/IDv2#page=3|https://doi.org/10.48550/arXiv.ID|10.48550/arXiv.ID|<https://arxiv.org/abs/ID>|"ID"|
https://www.alphaxiv.org/overview/IDv1|https://huggingface.co/papers/ID|[arXiv](https://arxiv.org/abs/ID)|“ID”|
export.arxiv.org/abs/ID."""


@pytest.mark.parametrize("query", PASTED.replace("\n", "").split("|"))
@pytest.mark.parametrize("paper", ["2601.00002", "hep-th/9901001", "math.GT/0309136"])
def test_an_id_is_read_out_of_what_was_pasted(page: Page, query: str, paper: str) -> None:
    """An address with what follows it, a citation, quotes and brackets."""
    assert sought(page, query.replace("ID", paper)) == [{"kind": "id", "text": paper}]


@pytest.mark.parametrize(
    "query", ["10.1109/CVPR52688.2022.01042", "gpt-4.1234", "2026-01-02", "1234567.1234567", "and/or"]
)
def test_other_numbers_are_no_ids(page: Page, query: str) -> None:
    """They are searched as text."""
    assert {clause["kind"] for clause in sought(page, query)} == {"text"}


TRADITIONAL = {
    "可解釋性評估與經驗風險": "可解释性评估与经验风险",
    "權重剪枝與知識蒸餾，專家混合": "权重剪枝与知识蒸馏，专家混合",
    "卷積採樣的魯棒性與損失函數": "卷积采样的鲁棒性与损失函数",
    "殘差連接、遷移學習、軌跡預測": "残差连接、迁移学习、轨迹预测",
    "針對邊緣設備的組合優化，細粒度連續屬性": "针对边缘设备的组合优化，细粒度连续属性",
    "對抗攻擊任務與後訓練技術": "对抗攻击任务与后训练技术",
    "為機器人導航產生動作": "为机器人导航产生动作",
    "醫學圖像檢測數據庫顯著優於現有方法": "医学图像检测数据库显著优于现有方法",
}


def test_traditional_sentences_become_simplified_ones(page: Page) -> None:
    """As they stand in reasons; what is simplified, or the same in both, stays."""
    asked = [*TRADITIONAL, *TRADITIONAL.values(), "著名 LLM π"]
    assert called(page, "search/chinese-variants.js", "simplified", asked) == [
        *TRADITIONAL.values(),
        *asked[len(TRADITIONAL) :],
    ]


def test_no_simplified_character_is_taken_for_a_traditional_one() -> None:
    """Those of the national standard are left alone, but for four that no modern text uses; none has two meanings."""
    script = (PROJECT / "overrides" / "assets" / "js" / "search" / "chinese-variants.js").read_text()
    signs = "".join(re.findall(r'^  "(.+)"[ ;]', script, re.MULTILINE))
    pairs = list(zip(signs[::2], signs[1::2], strict=True))
    traditional = [character for character, _ in pairs]
    assert len(set(traditional)) == len(pairs) > 1400
    assert {character for character in traditional if _in_standard(character)} == set("乾後徵於")
    assert all(_in_standard(other) and character != other for character, other in pairs)
    assert len(script.encode()) < 10_000


def _in_standard(sign: str) -> bool:
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def test_one_letter_loads_one_file_of_words(page: Page, ask: Ask) -> None:
    """It is looked for as it stands: nothing is inflected or completed, and its beginning is not that of all words."""
    for letter in ("i", "i ", "im"):
        with loaded(page) as files:
            ask(letter, period="2025")
        assert len(files) <= 1
    assert ask("type I error")["ids"] == ["2601.00003"]
    assert ask("i")["ids"] == ["2601.00003"]


@pytest.mark.parametrize("mark", ["", "，", " "])
def test_a_paste_that_is_not_there_loads_little(page: Page, ask: Ask, mark: str) -> None:
    """Of two thousand characters the first few tell that a year does not hold them: the others are not asked for."""
    text = mark.join("昨天晚上和朋友们去公园散步看到了很多美丽花朵遇见一位老先生说这里已经有百年历史" * 60)[:2000]
    with loaded(page) as files:
        found = ask(text, period="")
    assert found["count"] == 0 and found["cut"]
    assert 0 < len(files) <= 6 * YEARS


@pytest.mark.parametrize(
    "query", ['author:"Wei Zhang"', 'author:"Zhang Wei"', 'author:"Zhang, Wei"', "作者：“Zhang Wei”"]
)
def test_a_name_is_found_in_both_orders(ask: Ask, query: str) -> None:
    """As it is spoken, and with the family name first; it is marked as it stands."""
    found = ask(query)
    assert "2601.00001" in found["ids"] and "Wei Zhang" in found["marks"]


@pytest.mark.parametrize("query", ['author:"van der Berg, Jan"', 'author:"Jan van der Berg"', 'author:"Li Zhang Wei"'])
def test_a_name_of_several_words_is_turned_as_a_whole(ask: Ask, query: str) -> None:
    """At its comma, or by its first or last word."""
    assert ask(query)["ids"] == ["2601.00003"]


def test_an_author_without_a_name_is_not_looked_for(page: Page) -> None:
    """Until something follows, the word is not a word of the query."""
    for query in ("author:", "author: ", "作者：", 'author:"', 'author:""', "AUTHOR:,"):
        assert sought(page, query) == []
    assert sought(page, "agents author:") == [{"kind": "text", "text": "agents"}]


def test_traditional_text_is_asked_for_year_by_year_too(ask: Ask) -> None:
    """Simplified, it begins with the newest years and says what it looked for."""
    found = ask("投機解碼", period="")
    assert found["instead"] == "投机解码" and found["ids"][:2] == ["2601.00001", "2601.00002"]


def found_by(ask: Ask, query: str, **wanted: Any) -> list[str]:
    """The papers of a QUERY by their number, in the order of relevance."""
    return [paper[-1] for paper in ask(query, sort="relevance", **wanted)["ids"]]


@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("投机解码 -知识蒸馏", "15"),
        ('-"知识蒸馏" 投机解码', "15"),
        ("title:code", "14"),
        ("cat:cs.RO", "5"),
        ("cat:cs", "14523"),
        ("field:dl-theory", "45"),
        ("field:深度学习理论 -experts", "4"),
        ("score:>=9", "41"),
        ("score:<8", "5"),
        ("error OR experts", "35"),
        ("-score:>=9", "235"),
        ("score:>7 score:<9", "23"),
        ("score:7-8", "235"),
        ("-score:7..8", "14"),
        ("score:9 OR score:7..7.5", "145"),
        ("score: >= 9", "14"),
        ("评分：≥9", "14"),
        ("score:=7", "5"),
        ("-year:2026", ""),
        ("year:2025..2026 score:9", "14"),
        ("code year:2024 OR year:2026", "14"),
        ("field:agents OR field:dl-theory score:7", "12345"),
        ("after:2026/1/14 before:2026年2月 code", "14"),
        ("-before:2026-01-15 code", ""),
        ("author:Erdős OR author:Xiao Ming Li", "45"),
        ("OR code", "14"),
        ("code OR", "14"),
        ("- code -", "14"),
        ("wei -error author:Zhang", "14"),
        ("code year:2025", ""),
        ("code before:2026-01-14", ""),
        ("code after:2026-01-14 before:2026-02", "14"),
        ("标题：code 评分：>=9 -weights", "1"),
    ],
)
def test_operators_do_what_they_say(ask: Ask, query: str, papers: str) -> None:
    """Exclusion of words and phrases, parts of a paper, category, field, score, dates; in Chinese, too."""
    assert sorted(found_by(ask, query, deep=True)) == sorted(papers)


def test_an_operator_that_does_not_exist_is_told(ask: Ask) -> None:
    """And so is a value that an operator does not take; the rest of the query is looked for."""
    assert ask("auther:wei")["notes"]["unknown"] == ["auther:"]
    found = ask("code before:yesterday field:nothing score:11")
    assert found["notes"]["wrong"] == ["before:yesterday", "score:11", "field:nothing"]
    assert found["count"] == 2
    assert ask("code OR score:9 year:20 after:2026-13")["notes"]["wrong"] == [
        "OR score:9",
        "year:20",
        "after:2026-13",
    ]
    assert ask("https://example.org/x GPT-4: a study")["notes"]["unknown"] == []


def test_each_operator_can_be_taken_away(ask: Ask) -> None:
    """A chip tells what it is, and what is left without it."""
    chips = ask("agents -video author:Wei Zhang score:>=8")["chips"]
    assert [chip["text"] for chip in chips] == ["-video", "author:Wei Zhang", "score:>=8"]
    assert chips[1]["without"] == "agents -video score:>=8"


@pytest.mark.parametrize(
    "query", ["Wei Zhang", "Zhang Wei", "Zhang, Wei", "W. Zhang", "Zhang W", "author:W. Zhang", "author:Zhang Wei"]
)
def test_a_persons_papers_come_first(ask: Ask, query: str) -> None:
    """In every way to write the name; papers that hold its words apart come after them."""
    found = ask(query, sort="relevance")
    assert found["ids"][0] == "2601.00001" and found["named"][0] >= 2
    assert max(found["named"][1:], default=0) < 2


@pytest.mark.parametrize(
    ("query", "paper"),
    [
        ("Erdos", "5"),
        ("P. Erdos", "5"),
        ("Xiaoming Li", "4"),
        ("Li Xiao-Ming", "4"),
        ("author:Xiaoming Li", "4"),
        ("author:Xiao-ming Li", "4"),
        ("author:Xiao Ming Li", "4"),
        ("Xiao Ming Li", "4"),
        ("xiao-ming li", "4"),
        ("Bo-Wen Chen", "5"),
        ("Chen Bowen", "5"),
        ("Bo Wen Chen", "5"),
        ("Chen, Bo-wen", "5"),
    ],
)
def test_accents_and_hyphens_of_a_name_do_not_matter(ask: Ask, query: str, paper: str) -> None:
    """As one types it who does not know how it is written."""
    assert found_by(ask, query)[:1] == [paper]


@pytest.mark.parametrize(
    ("query", "name"),
    [("Xiaoming Li", "Xiao-Ming Li"), ("li xiao-ming", "Xiao-Ming Li"), ("author:Bo Wen Chen", "Bowen Chen")],
)
def test_a_name_is_marked_as_it_is_written(ask: Ask, query: str, name: str) -> None:
    """Whether its given names are one word or several."""
    assert name in ask(query)["marks"]


def test_a_name_that_is_only_begun_or_inflected_is_no_person(ask: Ask) -> None:
    """Bo Zhang is not Bob Zhang, and no plural of somebody."""
    assert ask("Zhang Bo", sort="relevance")["named"][0] >= 2
    assert max(ask("Zhan Bo ", sort="relevance")["named"], default=0) < 2
    assert max(ask("Bo Zhangs ", sort="relevance")["named"], default=0) < 2


@pytest.mark.parametrize("query", ["speculative decoding", "投机解码", "推测解码", "投機解碼"])
def test_a_term_finds_its_other_forms(ask: Ask, query: str) -> None:
    """In either language, in reasons and in abstracts; what was looked for is told, and it can be told not to."""
    found = ask(query, deep=True)
    assert sorted(found["ids"]) == ["2601.00001", "2601.00002", "2601.00005"]
    assert "speculative decoding" in [query, *found["also"][0]["forms"]]


def test_synonyms_can_be_switched_off(ask: Ask) -> None:
    """Then a word finds itself alone."""
    assert ask("推测解码", exact=True)["ids"] == []


def test_a_term_within_a_longer_text_is_found_with_the_rest_of_it(ask: Ask) -> None:
    """Its other forms stand beside what is around it; a single character is not cut off for it."""
    assert ask("投机解码推理", deep=True)["also"][0]["text"] == "投机解码"
    assert ask("投机解码的")["also"] == []


@pytest.mark.parametrize("query", ["GRPO", '"train with GRPO"', "low-rank adaptation", "LoRA", "large language models"])
def test_abstracts_are_searched(ask: Ask, query: str) -> None:
    """By words, phrases (in which stop words count as places), and synonyms."""
    assert "2601.00004" in ask(query, deep=True)["ids"]
    assert "2601.00004" not in ask(query)["ids"]


def test_below_a_few_papers_stand_those_that_lack_a_word(page: Page) -> None:
    """Where less than a page holds all words, and never below the papers of a person."""
    whole, *_, (count, partly) = page.evaluate(ANSWERS, "video tokens after:2025-09-01")
    assert 3 <= count - partly < 10
    assert whole[0] <= count - partly
    assert partly
    assert page.evaluate(ANSWERS, "video decoding after:2025-09-01")[-1][1] == 0
    assert page.evaluate(ANSWERS, "Bowen Chen")[-1] == [1, 0]


def test_what_holds_the_words_in_its_title_stands_before_an_abstract(ask: Ask) -> None:
    """The weights of the parts."""
    assert found_by(ask, "guaranteed OR frames", deep=True) == ["2", "5"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [("experst", "experts"), ("languge", "language"), ("speculatve", "speculative"), ("code", None), ("zzz", None)],
)
def test_the_nearest_word_is_suggested(page: Page, word: str, meant: str | None) -> None:
    """One slip in a short word, two in a long one; none for what is there."""
    call = """async ([word, words]) => {
      const { nearest } = await import(new URL("assets/js/search/suggest.js", document.baseURI));
      return nearest(word, new Map(words));
    }"""
    words = [("experts", 50), ("language", 80), ("speculative", 40), ("code", 90), ("coda", 3), ("explore", 60)]
    assert page.evaluate(call, [word, words]) == meant


def test_the_sentence_that_holds_the_words_is_shown(page: Page) -> None:
    """A point within a number ends none."""
    call = """async ([text, query]) => {
      const { readQuery } = await import(new URL("assets/js/search/query.js", document.baseURI));
      const { sentence } = await import(new URL("assets/js/search/marks.js", document.baseURI));
      return sentence(text, readQuery(query).clauses);
    }"""
    text = ABSTRACTS["2601.00005"]
    assert page.evaluate(call, [text, "tokens"]) == "Speculative decoding of 3.5 tokens is fast."
    assert page.evaluate(call, [text, "diffusion video"]) == "It drafts video frames with a diffusion model."
