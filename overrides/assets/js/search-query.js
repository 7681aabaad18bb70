// What a reader typed, as what is to be looked for.
import { fold, parts } from "./search-text.js";

export const LONGEST = 200;
const MOST_TERMS = 12;
const NEW_ID = /(?:^|[^a-z0-9.]|arxiv\.)(\d{4}\.\d{4,6})(?:v\d+)?(?:\.pdf)?(?![a-z0-9]|\.\d)/i;
const OLD_ID = /(?:^|[^a-z0-9.-]|arxiv\.)([a-z][a-z-]*(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?![a-z0-9])/i;
const CITED = /\barxiv:?\s+(?=\d{4}\.\d{4}|[a-z.-]+\/\d{7})/gi; // "arXiv: 2601.00001"
const STAMP = /(\d{4}\.\d{4,6}(?:v\d+)?|\/\d{7}(?:v\d+)?)\s+\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+\d{1,2}\s+[a-z]{3}\s+\d{4})?/gi; // at a PDF's edge
const TERM = /(?:(author|作者):\s*)?(?:"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』|["“「『]?((?:[^\s"“「『]|(?<=[\p{L}\p{N}])")+))/giu;

// Punctuation that touches what is not written with Latin letters stands beside it in the index: there a term ends.
const PUNCTUATION = "[^\\p{L}\\p{M}\\p{N}\\s]+";
const OTHER = "(?![\\p{Script=Latin}0-9])[\\p{L}\\p{N}]";
const BORDER = new RegExp(`(?<=${OTHER})${PUNCTUATION}|${PUNCTUATION}(?=${OTHER})`, "u");
const ENDS = new RegExp(`^${PUNCTUATION}|${PUNCTUATION}$`, "gu");

// {terms, cut}: terms are {kind: "id" | "author" | "phrase" | "text", text, last}; cut: whether something was left out.
export function readQuery(typed) {
  const text = typed.slice(0, LONGEST).normalize("NFKC").replace(/\p{Cf}/gu, "").replace(CITED, "").replace(STAMP, "$1");
  const terms = [...text.matchAll(TERM)].flatMap(read).filter(({ text: said }) => parts(fold(said)).length);
  const last = terms.at(-1);
  if (last && last.kind === "text" && !/\s$/.test(text)) last.last = true;
  return { terms: terms.slice(0, MOST_TERMS), cut: typed.length > LONGEST || terms.length > MOST_TERMS };
}

// The terms of a MATCH of TERM.
function read([whole, author, ...ways]) {
  const plain = ways.pop();
  const said = plain ?? ways.find(Boolean);
  if (author) return [{ kind: "author", text: said.replace(ENDS, "") }];
  if (/^(author|作者):$/i.test(whole)) return []; // nothing follows yet
  const id = (NEW_ID.exec(said) ?? OLD_ID.exec(said))?.[1];
  if (id && !/\s/.test(said.trim())) return [{ kind: "id", text: id }];
  return plain === undefined ? [{ kind: "phrase", text: said.replace(ENDS, "") }] : plain.split(BORDER).map((piece) => ({ kind: "text", text: piece }));
}

// A name in the orders in which it may be written: "Zhang, Wei" and "Zhang Wei" are Wei Zhang too.
export function orders(name) {
  const [family, given] = name.split(/,(.*)/s);
  const words = name.split(/[\s,]+/).filter(Boolean);
  const turned = given ? [`${given} ${family}`] : [[...words.slice(1), words[0]].join(" "), [words.at(-1), ...words.slice(0, -1)].join(" ")];
  return [...new Set([words.join(" "), ...turned.map((one) => one.trim())])];
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
