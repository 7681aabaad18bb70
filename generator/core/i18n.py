"""Every word that the site shows of its own, in each of its languages, side by side.

A key stands once, with its words in all LANGUAGES, so that no language can lack one. `{name}` marks what the caller
fills in with `str.format`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_COMMON = {
    "html_lang": ("zh-CN", "en"),
    "og_locale": ("zh_CN", "en_US"),
    "site_description": (
        "每天自动阅读 arXiv 新论文，按研究方向挑出最值得看的，附评分与理由。",
        "Every new arXiv paper read each day; the best of each research field, with a score and the reason.",
    ),
    "date": ("{year}年{month}月{day}日", "{day} {month_name} {year}"),
    "date_short": ("{month}月{day}日", "{day} {month_name}"),
    "month": ("{year}年{month}月", "{month_name} {year}"),
    "year": ("{year}年", "{year}"),
    "date_weekday": ("{date} {weekday}", "{weekday} {date}"),
    "weekdays": ("周一 周二 周三 周四 周五 周六 周日", "Mon Tue Wed Thu Fri Sat Sun"),
    "weekdays_narrow": ("一 二 三 四 五 六 日", "M T W T F S S"),
    "month_names": ("1 2 3 4 5 6 7 8 9 10 11 12", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    "colon": ("：", ": "),
    "semicolon": ("；", "; "),
    "comma": ("，", ", "),
    "unknown": ("未知", "unknown"),
    "none": ("无", "none"),
}

_FRAME = {
    "menu": ("主菜单", "Main menu"),
    "nav_home": ("今日", "Today"),
    "nav_archive": ("归档", "Archive"),
    "nav_fields": ("方向", "Fields"),
    "nav_subscribe": ("订阅", "Subscribe"),
    "nav_trends": ("趋势", "Trends"),
    "nav_saved": ("收藏", "Saved"),
    "nav_docs": ("文档", "Docs"),
    "nav_about": ("关于", "About"),
    "on_this_page": ("本页内容", "On this page"),
    "feed": ("RSS 订阅", "RSS feed"),
    "data": ("数据", "Data"),
    "source": ("源代码", "Source"),
    "arxiv_disclaimer": ("本站未经 arXiv 审阅或认可。", "This site was not reviewed or approved by arXiv."),
    "not_found": ("没有这一页", "There is no such page"),
    "not_found_text": (
        "地址可能写错了。每一天的页面在归档里，每一篇论文的锚点是它的 arXiv 编号。",
        "The address may be mistyped. Every day is in the archive; a paper's anchor is its arXiv id.",
    ),
}

_DAY = {
    "read": ("读 {n} 篇", "{n} read"),
    "picked": ("荐 {n} 篇", "{n} picked"),
    "papers_read": ("已读", "Read"),
    "papers_picked": ("推荐", "Picked"),
    "papers_unit": ("{n} 篇", "{n}"),
    "judged_by": ("评审", "Judge"),
    "offline_judge": ("离线评审", "offline judge"),
    "tokens": ("Tokens", "Tokens"),
    "cost": ("费用", "Cost"),
    "updated": ("更新", "Updated"),
    "coverage": ("覆盖", "Coverage"),
    "coverage_unscored": ("{n} 篇未评", "{n} unscored"),
    "coverage_stale": ("源未更新", "feed stale"),
    "coverage_failed": ("读取失败", "not read"),
    "coverage_no announcement": ("无公告", "no announcement"),
    "incomplete": (
        "这一天还不完整，之后的运行会补上。",
        "This day is not complete yet; a later run will finish it.",
    ),
    "sample_notice": (
        "这是内置样例，不是真实的一天：书目信息取自 arXiv，摘要与日期为示例所写。",
        "The embedded sample, not a real day: bibliographic facts are arXiv's, abstracts and dates are made up.",
    ),
    "estimate_notice": (
        "没有大模型读过这些论文：分数是离线评审排出的名次估计，只宜比较先后。",
        "No model has read these papers: scores are estimates from the offline judge's ranking, good for order only.",
    ),
    "imported_notice": (
        "这一天由旧站的页面导入。",
        "This day was imported from the pages of a predecessor.",
    ),
    "rss_notice": (
        "arXiv 的接口当时不可用，论文信息暂取自 RSS，之后会补全。",
        "arXiv's API was down: the papers' facts are from RSS and will be completed.",
    ),
    "estimate": ("估计", "est."),
    "score": ("评分", "Score"),
    "turn_days": ("前后一天", "Days around"),
    "turn_months": ("前后一月", "Months around"),
    "fields_of_day": ("各方向", "Fields"),
    "no_field": ("其他", "Other"),
    "more_authors": ("等 {n} 位作者", "and {n} more"),
    "no_picks": (
        "这一天没有达到推荐线的论文。",
        "No paper of this day reached the threshold for a pick.",
    ),
    "not_judged": (
        "还有 {n} 篇没有评分（{why}），之后的运行会评。",
        "Papers not judged yet: {n} ({why}). A later run will judge them.",
    ),
    "withdrawn": ("已撤稿", "withdrawn"),
    "flagged": ("含可疑指令", "suspicious text"),
    "language": ("理由非中文", "reason not in English"),
    "local": ("理由为估计", "estimated reason"),
    "withheld": (
        "文字被安全检查拦下，请到 arXiv 查看",
        "its text was held back by a safety check; see arXiv",
    ),
    "related": ("相关", "Related"),
    "unscored_title": ("未评分", "Not scored yet"),
    "unscored_text": (
        "已读到但还没有评分，之后的运行会重试：",
        "Read, but without a verdict yet; a later run asks again:",
    ),
    "rest_text": (
        "另有 {n} 篇读过、未达推荐线；编号、标题与分数见",
        "{n} more were judged below the threshold; their ids, titles and scores are in",
    ),
    "spared": ("预筛略过", "Set aside by the prefilter"),
    "coverage_spared": ("预筛略过 {n} 篇", "{n} set aside by the prefilter"),
    "spared_text": (
        "{n} 篇被预筛省下，没有送去评审；这不等于不推荐。",
        "{n} were set aside by the prefilter and not judged, which is not the same as not picked.",
    ),
    "day_record": ("当天的数据", "the day's record"),
    "day_tags": ("标签", "Tags"),
    "changes": ("发布后的改动", "Changed since first published"),
    "day_description": (
        "{date}：读了 {read} 篇 arXiv 新论文，推荐 {picks} 篇。{titles}",
        "{date}: {read} new arXiv papers read, {picks} picked. {titles}",
    ),
}

# Why a paper has no verdict; the keys are what stands in the record (calls.py, injection_guard.py, daily.py).
_WHYS = {
    "why_content filter": ("被模型服务商的内容过滤拦下", "stopped by the provider's content filter"),
    "why_refused": ("模型拒绝评审", "the model refused"),
    "why_no valid answer": ("模型没有给出有效的回答", "the model gave no valid answer"),
    "why_budget": ("预算不够", "the budget does not suffice"),
    "why_model error": ("模型调用失败", "calls to the model failed"),
    "why_model error: busy": ("模型繁忙", "the model was busy"),
    "why_model error: no answer": ("模型没有回应", "the model did not answer"),
    "why_model error: request rejected": ("模型不接受请求", "the model did not accept the request"),
    "why_batch": ("批量评审尚未返回", "the batch has not come back yet"),
    "why_no key": ("没有密钥", "there was no key"),
    "why_not read again": ("曾按估计排名，这次没有再读到", "ranked by estimate before, and not read again"),
    "why_held: its text tells its reader what to do": (
        "文中有指使读者的话，等人看过再评",
        "held for a look: its text tells its reader what to do",
    ),
}

_HOME = {
    "home_title": ("今日推荐", "Today's picks"),
    "home_empty": (
        "还没有任何一天。运行 arxiv-daily run 读取最新公告，或 arxiv-daily demo 生成样例。",
        "There is no day yet. `arxiv-daily run` reads the newest announcement, `arxiv-daily demo` makes sample days.",
    ),
    "whole_day": ("看全天 {n} 篇", "All {n} picks of the day"),
    "more_in_field": ("本方向共 {n} 篇", "All {n} in this field"),
    "last_days": ("最近几天", "The last days"),
    "all_days": ("全部归档", "The whole archive"),
    "subscribe_text": (
        "每天一条，含当天全部推荐：",
        "One item a day, with every pick of it:",
    ),
}

_ARCHIVE = {
    "archive_title": ("归档", "Archive"),
    "archive_text": (
        "{days} 天，读 {read} 篇，荐 {picks} 篇。",
        "{days} days, {read} papers read, {picks} picked.",
    ),
    "calendar_text": ("日期下面是当天推荐的篇数。", " Below a date stand the picks of its day."),
    "archive_description": ("按年、月、日浏览全部推荐。", "All picks by year, month and day."),
    "years": ("年份", "Years"),
    "months": ("月份", "Months"),
    "day": ("日期", "Day"),
    "best_of_day": ("当天最佳", "Best of the day"),
    "picks_on": ("{date}，读 {read} 篇，荐 {n} 篇", "{date}, {read} read, {n} picked"),
}

_FIELDS = {
    "fields_title": ("研究方向", "Research fields"),
    "fields_text": (
        "每篇推荐归入一个方向。方向及其说明由 config.toml 定义。",
        "Every pick belongs to one field. Fields and what they cover are defined in config.toml.",
    ),
    "field_description": ("{name}：最近 7 天与 30 天的最佳论文。", "{name}: the best papers of 7 and 30 days."),
    "covers": ("涵盖什么", "What it covers"),
    "best_7": ("近 7 天最佳", "Best of 7 days"),
    "best_30": ("近 30 天最佳", "Best of 30 days"),
    "nothing_recent": ("这段时间没有推荐。", "No picks in this time."),
    "field_archive": ("按日浏览", "By day"),
    "older_months": ("更早的月份见归档。", "Earlier months are in the archive."),
    "picks_30": ("近 30 天 {n} 篇", "{n} in 30 days"),
    "picks_total": ("共 {n} 篇", "{n} in all"),
    "field_feed": ("本方向的 RSS", "This field's RSS"),
}

_SUBSCRIBE = {
    "subscribe_title": ("订阅", "Subscribe"),
    "subscribe_description": ("用阅读器订阅每日推荐。", "Follow the daily picks in a feed reader."),
    "subscribe_intro": (
        "把地址加进任何 RSS 阅读器即可。不需要账号，也没有统计。",
        "Add an address to any feed reader. No account, no tracking.",
    ),
    "feed_opml": ("全部订阅源（OPML）", "All feeds (OPML)"),
    "address": ("地址", "Address"),
    "what": ("内容", "What"),
}

_FEEDS = {
    "feeds_digest_title": ("每日摘要", "Daily digest"),
    "feeds_digest": (
        "每天一条：当天 arXiv 新论文中值得看的，按方向排列，附评分与理由。",
        "One item a day: the new arXiv papers worth reading, by field, with score and reason.",
    ),
    "feeds_papers_title": ("逐篇论文", "Papers"),
    "feeds_papers": ("每篇推荐的论文一条。", "One item a picked paper."),
    "feeds_field": ("{name}方向，每篇推荐的论文一条。", "{name}: one item a picked paper."),
    "feeds_top": ("{score} 分及以上", "{score} and more"),
    "feeds_page": ("网页版", "On the site"),
    "feeds_place": ("第 {place} 名（估计）", "Place {place} (estimate)"),
    "feeds_sample": ("样例", "sample"),
}

_TRENDS = {
    "trends_title": ("趋势", "Trends"),
    "trends_description": (
        "每周读了多少、荐了多少，各方向的起伏，标题里上升的词，分数、覆盖与费用。",
        "Papers read and picked per week and field, rising terms, scores, coverage and cost.",
    ),
    "trends_papers": ("每周论文", "Papers per week"),
    "trends_fields": ("各方向的推荐", "Picks per field"),
    "trends_by_week": ("按周", "By week"),
    "trends_rising": ("上升的词", "Rising terms"),
    "trends_rising_text": (
        "最近四周的标题与此前半年相比；数字是每千篇中的篇数。",
        "Titles of the last four weeks against the half year before; figures are papers per thousand read.",
    ),
    "trends_common": ("常见的词", "Common terms"),
    "trends_common_text": (
        "积累到两周以上的对照后，这里显示上升的词；数字是每千篇中的篇数。",
        "Once there are two more weeks to compare with, rising terms stand here; figures are per thousand papers.",
    ),
    "trends_term": ("词", "Term"),
    "trends_term_papers": ("篇数", "Papers"),
    "trends_lately": ("近四周 ‰", "Lately ‰"),
    "trends_before": ("此前 ‰", "Before ‰"),
    "trends_no_terms": ("还没有重复出现的词。", "No term has come up twice yet."),
    "trends_scores": ("分数分布", "Scores"),
    "trends_below": ("未达推荐线", "Below the threshold"),
    "trends_scores_text": (
        "只计大模型的评分；离线评审的估计只有先后，不在其中。",
        "Verdicts of language models only; estimates of the offline judge, good for order alone, are left out.",
    ),
    "trends_coverage": ("覆盖", "Coverage"),
    "trends_coverage_text": (
        "arXiv 公布的论文中读到的比例，以周计。",
        "The share of the papers that arXiv announced which was read, by week.",
    ),
    "trends_missed": ("没有读到", "Not read"),
    "trends_cost": ("用量", "Usage"),
    "trends_week": ("周（起于）", "Week of"),
    "trends_top": ("最高", "Top"),
    "trends_numbers": ("数据表", "The numbers"),
}

_SAVED = {
    "saved_title": ("收藏", "Saved papers"),
    "saved_intro": (
        "收藏、已读与设置只存在这个浏览器里，不会上传；换设备前请导出。",
        "What you save, have read and set stays in this browser and is sent nowhere; export it before you move.",
    ),
    "saved_needs_script": ("这一页需要 JavaScript。", "This page needs JavaScript."),
}

# What scripts say; overrides/main.html hands these to them without the prefix.
_SCRIPT = {
    "js_theme": ("配色", "Colours"),
    "js_system": ("跟随系统", "as the system"),
    "js_light": ("浅色", "light"),
    "js_dark": ("深色", "dark"),
    "js_filter": ("筛选", "Filter"),
    "js_min": ("最低分", "Lowest score"),
    "js_fields": ("方向", "Fields"),
    "js_mute": ("屏蔽词（逗号分隔）", "Muted words (commas between)"),
    "js_hideRead": ("隐藏已读", "Hide what I have read"),
    "js_sort": ("排序", "Sort"),
    "js_byField": ("按方向", "by field"),
    "js_byScore": ("按分数", "by score"),
    "js_byNewest": ("按新旧", "newest first"),
    "js_reset": ("重置", "Reset"),
    "js_shown": ("显示 {n} / {all} 篇", "{n} of {all} shown"),
    "js_nothing": ("没有符合条件的论文。", "No paper passes the filter."),
    "js_abstract": ("摘要", "Abstract"),
    "js_hideAbstract": ("收起摘要", "Hide abstract"),
    "js_loading": ("正在读取…", "Loading …"),
    "js_noAbstract": ("没有读到摘要，请看 arXiv 页面。", "The abstract could not be loaded; see its arXiv page."),
    "js_save": ("收藏", "Save"),
    "js_saved": ("已收藏", "Saved"),
    "js_bibtex": ("BibTeX", "BibTeX"),
    "js_link": ("链接", "Link"),
    "js_read": ("标为已读", "Mark read"),
    "js_unread": ("已读", "Read"),
    "js_copied": ("已复制", "Copied"),
    "js_copyFailed": ("浏览器不允许复制，请手动选取：", "The browser refuses to copy; select it by hand:"),
    "js_storageBroken": (
        "浏览器里保存的内容损坏，已从头开始。",
        "What this browser had kept is damaged; it starts afresh.",
    ),
    "js_storageRefused": (
        "浏览器不让保存：收藏与设置只在本页有效。",
        "This browser keeps nothing: what you save or set lasts for this page only.",
    ),
    "js_storageFull": (
        "浏览器的存储已满，刚才的改动没有保存。",
        "The browser's storage is full; the last change was not kept.",
    ),
    "js_help": ("快捷键", "Keyboard"),
    "js_close": ("关闭", "Close"),
    "js_keysOn": ("启用单键快捷键", "Single-key shortcuts on"),
    "js_keyNext": ("下一篇 / 上一篇", "next / previous paper"),
    "js_keyOpen": ("打开 arXiv 页面", "open its arXiv page"),
    "js_keySave": ("收藏", "save"),
    "js_keyAbstract": ("展开摘要", "abstract"),
    "js_keyRead": ("标为已读", "mark read"),
    "js_keyBibtex": ("复制 BibTeX", "copy BibTeX"),
    "js_keySearch": ("搜索", "search"),
    "js_keyHelp": ("显示本帮助", "this help"),
    "js_empty": (
        "还没有收藏。在论文下点“收藏”，或按 s。",
        "Nothing saved yet: choose “Save” below a paper, or press s.",
    ),
    "js_count": ("{n} 篇", "{n} papers"),
    "js_export": ("导出", "Export"),
    "js_remove": ("移除", "Remove"),
    "js_settings": ("设置与备份", "Settings and backup"),
    "js_exportAll": ("导出全部（收藏、已读、设置）", "Export everything (saved, read, settings)"),
    "js_importAll": ("导入", "Import"),
    "js_imported": ("已导入 {n} 篇收藏与设置。", "Imported: {n} saved papers and the settings."),
    "js_importFailed": ("这个文件不是本站的导出。", "This file is no export of this site."),
    "js_clear": ("清除全部", "Clear everything"),
    "js_clearSure": ("再点一次清除全部", "Click again to clear everything"),
    "js_cleared": ("已清除。", "Cleared."),
}

# The search; what begins with find_ and is said by scripts goes with the index (build.py).
_SEARCH = {
    "find": ("搜索", "Search"),
    "find_placeholder": ("搜索论文", "Search papers"),
    "find_description": ("搜索全部推荐：标题、理由、作者、编号。", "Search every pick: titles, reasons, authors, ids."),
    "find_field": ("方向", "Field"),
    "find_period": ("时间", "Period"),
    "find_sort": ("排序", "Sort by"),
    "find_any": ("不限", "any"),
    "find_relevance": ("相关", "relevance"),
    "find_date": ("日期", "date"),
    "find_help": (
        "可用：几个词、“一个短语”、author:姓名、arXiv 编号或链接。",
        'Several words, "a phrase", author:name, an arXiv id or address.',
    ),
    "find_keys": ("按 / 到搜索框，方向键选择结果。", "Keys: / leads here, arrows go through."),
    "find_noscript": (
        "搜索需要 JavaScript；按日期浏览见归档。",
        "Searching needs JavaScript; the archive lists every day without it.",
    ),
    "find_loading": ("正在搜索……", "Searching …"),
    "find_broken": (
        "搜索索引没有读到。请检查网络后重试，或到归档按日期浏览。",
        "The search index could not be loaded. Check the connection and try again, or browse the archive.",
    ),
    "find_retry": ("重试", "Try again"),
    "find_hint": (
        "输入要找的词，或选择方向、时间、评分。",
        "Type what to look for, or choose a field, period or score.",
    ),
    "find_found": ("找到 {n} 篇。", "{n} found."),
    "find_years": ("范围：{years} 年。", "Years: {years}."),
    "find_empty": (
        "没有找到。可以减少几个词，放宽筛选，或检查写法；理由是简体中文，标题是英文。",
        "Nothing found. Try fewer words or wider filters, or check the spelling; titles are in English.",
    ),
    "find_nothing": (
        "这里还没有可以找的词：只有标点，或 author: 后面还没有姓名。",
        "There is no word to look for yet: only punctuation, or author: without a name.",
    ),
    "find_cut": ("输入太长，只用了开头部分。", "That was long: only its beginning was used."),
    "find_instead": (
        "没有繁体写法的结果，以下是“{text}”的结果。",
        "Nothing in traditional characters; for “{text}” there is:",
    ),
    "find_failed": (
        "{parts} 的索引没有读到，缺这部分的结果。",
        "The index of {parts} did not load: its results are missing.",
    ),
    "find_more": ("更多", "More"),
    "find_earlier": ("也搜索更早的年份（{years}）", "Search earlier years too ({years})"),
    "find_all": ("全部 {n} 条结果", "All {n} results"),
    "find_these": (
        "{years} 年的 {n} 条结果；搜索页还能找更早的年份",
        "{n} results of {years}; the search page looks in earlier years too",
    ),
    "find_saved": ("已收藏", "saved"),
    "find_read": ("已读", "read"),
}

# Around what a paper itself says; nothing about the paper is ours (offline judge).
_REASON = {
    "reason_match": ("命中{terms}。", "Matches {terms}."),
    "reason_term": ("“{term}”", "“{term}”"),
    "reason_between_terms": ("", ", "),
    "reason_sentence": ("摘要：“{sentence}”", " Abstract: “{sentence}”"),
    "reason_nothing": (
        "与各领域的词没有重合，按当日名次列出。",
        "Shares no term with any field; listed by its rank of the day.",
    ),
}

_SUBSCRIBING = {
    "subscribe_digest": ("每日摘要：适合大多数人", "The daily digest: for most readers"),
    "subscribe_digest_text": (
        "每天一条，里面是当天的全部推荐，按方向排列。三种格式内容相同；拿不准就用第一个。",
        "One item a day with every pick of it, by field. All three forms hold the same; if in doubt take the first.",
    ),
    "subscribe_papers": ("逐篇论文", "Paper by paper"),
    "subscribe_papers_text": (
        "每篇论文一条，便于逐篇标记、收藏或转存；平常一天几十条。只想看最好的几篇，就订最高分。",
        "One item a paper, to mark, keep or pass on each by itself; some dozens a day. The highest scores are a few.",
    ),
    "subscribe_fields": ("只看一个方向", "One field only"),
    "subscribe_fields_text": ("每个方向一个，每篇论文一条。", "A feed for each, with one item a paper."),
    "subscribe_opml": ("一次全部导入", "All at once"),
    "subscribe_opml_text": (
        "阅读器里选“导入 OPML”，以上各项都会列出。",
        "Choose “import OPML” in your reader; it lists all of the above.",
    ),
    "subscribe_data": ("给程序用的数据：", "Data for programs:"),
    "copy_address": ("复制", "Copy"),
    "address_copied": ("已复制", "Copied"),
}

_IMPORT = {
    "page_notice": (
        "这里的书目信息与日期取自旧站的页面，没有向 arXiv 核对：arXiv 的公告日可能早一天。",
        "Facts and date are those of the old page, not checked with arXiv, whose announcement may be a day older.",
    ),
    "unlisted_text": (
        "旧站另读了 {n} 篇，只留下了篇数。这一天的全部内容见",
        "The predecessor read {n} more, of which only the number is known. What there is stands in",
    ),
}

_CHANGES = {
    "change_withdrawn": ("{date} {what} 已撤稿", "{date} {what} was withdrawn"),
    "change_judged": ("{date} 由 {what} 重新评审", "{date} judged again by {what}"),
    "change_read": ("{date} 补读 {what} 篇", "{date} {what} more papers read"),
}

_STATUS = {
    "status_title": ("运行状态", "Status"),
    "status_description": (
        "最近 30 次公告读全了没有，下一次什么时候来。",
        "Whether the last 30 announcements are complete.",
    ),
    "status_next": (
        "下一次公告：{date}，{moment} 之后可以读到（arXiv 放假则顺延）。",
        "Next announcement: {date}, readable from {moment} (later if arXiv has a holiday).",
    ),
    "status_text": (
        "不完整的日子会由之后的运行补上。供程序读取：",
        "Later runs complete what is incomplete. For programs:",
    ),
    "status_given_up": (
        "{n} 天之内不完整或缺失的会由之后的运行补上；更早的只能由站长手动补读（缺失的也可能是放假）。供程序读取：",
        (
            "Later runs complete what is missing or incomplete and at most {n} days old. To what is older no run comes"
            " back by itself; the operator can complete it by hand (a missing day may have been a holiday of arXiv)."
            " For programs:"
        ),
    ),
    "status_late": (
        "下一次公告的期限已过，这里还没有：本站迟到了，或者已经停止更新。",
        "The next announcement should be here by now: this site is late, or has stopped.",
    ),
    "status_announcement": ("公告", "Announcement"),
    "status_state": ("状态", "State"),
    "status_notes": ("备注", "Notes"),
    "status_complete": ("完整", "complete"),
    "status_incomplete": ("不完整", "incomplete"),
    "status_missing": ("缺失", "missing"),
    "status_no announcement": ("arXiv 当天无公告", "no announcement"),
}

_JUDGE = {
    "recall_text": (
        "据此前 30 天抽查的 {audited} 篇估计，预筛保住了 {recall}% 的入选论文（95% 区间 {low}%～{high}%）。",
        (
            "Estimated recall of the prefilter {recall} %, 95 % interval {low} to {high} %,"
            " from {audited} audited papers in 30 days."
        ),
    ),
}

# Each module's words are a block of their own; add yours below and to this list.
_BLOCKS: tuple[Mapping[str, tuple[str, str]], ...] = (
    _COMMON,
    _FRAME,
    _DAY,
    _WHYS,
    _HOME,
    _ARCHIVE,
    _FIELDS,
    _SUBSCRIBE,
    _FEEDS,
    _SEARCH,
    _REASON,
    _SUBSCRIBING,
    _IMPORT,
    _STATUS,
    _CHANGES,
    _TRENDS,
    _SAVED,
    _SCRIPT,
    _JUDGE,
)


def words(language: Language) -> Mapping[str, str]:
    """The words of the site in LANGUAGE by key."""
    place = LANGUAGES.index(language)
    return MappingProxyType({key: pair[place] for block in _BLOCKS for key, pair in block.items()})
