// What a reader typed, as what is to be looked for.
import { fold, parts } from "./search-text.js";

export const LONGEST = 200;
const MOST_TERMS = 12;
const ID = /^(?:https?:\/\/)?(?:(?:www\.|export\.)?arxiv\.org\/(?:abs|pdf|html)\/|arxiv:)?(\d{4}\.\d{4,6}|[a-z][a-z-]*(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?[/?#.,;]*$/i;
const TERM = /(?:(author|作者)[:：]\s*)?(?:"([^"]+)"(?=\s|$)|“([^”]+)”(?=\s|$)|「([^」]+)」(?=\s|$)|(\S+))/giu;

// {terms, cut}: terms are {kind: "id" | "author" | "phrase" | "text", text, last}; cut: whether something was left out.
export function readQuery(typed) {
  const text = typed.slice(0, LONGEST).normalize("NFKC");
  const terms = [];
  for (const match of text.matchAll(TERM)) {
    const quoted = match[2] ?? match[3] ?? match[4];
    const said = quoted ?? match[5];
    const id = quoted === undefined && !match[1] ? ID.exec(said) : null;
    if (id) terms.push({ kind: "id", text: id[1] });
    else if (parts(fold(said)).length) terms.push({ kind: match[1] ? "author" : quoted ? "phrase" : "text", text: said });
  }
  const last = terms.at(-1);
  if (last && last.kind === "text" && !/\s$/.test(text)) last.last = true;
  return { terms: terms.slice(0, MOST_TERMS), cut: typed.length > LONGEST || terms.length > MOST_TERMS };
}

// Traditional characters that research words hold, and the simplified ones in which reasons are written.
const PAIRS =
  "對对齊齐標标準准學学習习習习訓训練练語语言言詞词義义視视覺觉圖图像像識识別别檢检測测網网絡络層层資资數数據据庫库演演算算" +
  "優优參参調调構构強强獎奖勵励驅驱動动態态狀状運运輸输質质問问題题論论證证實实驗验結结擴扩張张長长無无監监際际傳传統统體体" +
  "過过濾滤擬拟環环節节點点線线級级聯联類类種种範范圍围維维度度壓压縮缩儲储內内記记憶忆緩缓機机製制器器隱隐變变換换個个" +
  "們们來来為为這这樣样與与於于會会發发現现見见觀观規规則则計计劃划碼码編编譯译譜谱頻频雜杂異异復复複复歸归納纳決决從从眾众" +
  "後后時时間间關关鍵键開开閉闭聲声聽听讀读寫写說说話话讓让設设備备護护衛卫隊队難难簡简單单雙双電电腦脑車车輛辆飛飞獨独歷历" +
  "選选擇择適适應应極极樂乐歡欢輕轻較较載载導导書书畫画當当滿满認认請请誤误確确穩稳錯错鎖锁鏈链錄录鏡镜門门頁页項项順顺預预" +
  "領领顯显風风險险隨随陣阵陽阳陰阴離离雲云靈灵醫医療疗藥药氣气價价值值億亿僅仅傷伤儀仪兩两幾几勢势區区協协賴赖貝贝負负責责";
const SIMPLE = Object.fromEntries(PAIRS.match(/../gu).map((pair) => [...pair]));
export const simplified = (text) => text.replace(/\p{Script=Han}/gu, (sign) => SIMPLE[sign] ?? sign);
