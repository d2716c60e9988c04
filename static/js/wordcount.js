"use strict";
// 字数 while somebody types: the twin of eventreg/nominations/wordcount.py, which decides. Both are held
// to the same examples and to each other on random text.

const wordcount = (() => {
  const HAN = "\\u{3400}-\\u{4dbf}\\u{4e00}-\\u{9fff}\\u{f900}-\\u{faff}\\u{20000}-\\u{323af}";
  const ASIAN =
    "\\u{1100}-\\u{11ff}\\u{2e80}-\\u{2fff}\\u{3001}-\\u{4dbf}\\u{4e00}-\\u{9fff}\\u{a960}-\\u{a97f}\\u{ac00}-\\u{d7ff}" +
    "\\u{f900}-\\u{faff}\\u{fe10}-\\u{fe1f}\\u{fe30}-\\u{fe4f}\\u{ff01}-\\u{ffef}\\u{1b000}-\\u{1b16f}\\u{20000}-\\u{323af}";
  const AMBIGUOUS = "“”‘’—–…·―‖′″×÷°±§№℃→←↑↓≥≤≠★☆\\u{2160}-\\u{217f}\\u{2460}-\\u{24ff}\\u{25a0}-\\u{25ff}";
  // What Python's str.isspace() says: not JavaScript's \s, which lacks the separators of ASCII and U+0085.
  const SPACE = "\\t-\\r\\u{1c}-\\u{20}\\u{85}\\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}";

  const DROPPED = /[\u{feff}\u{200b}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]+/gu;
  const BREAKS_THAT_COUNT = /[\u2028\u2029]/g;
  const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;
  const han = new RegExp(`[${HAN}]`, "u");
  const hans = new RegExp(`[${HAN}]+`, "gu");
  const spaces = new RegExp(`[${SPACE}]+`, "gu");
  const runs = new RegExp(`[^${SPACE}]+`, "gu");
  const ambiguous = new RegExp(`[${AMBIGUOUS}]`, "u");
  const asians = new RegExp(`[${ASIAN}]+`, "gu");
  const asiansBesideHan = new RegExp(
    `(?:[${ASIAN}]+|(?<![0-9A-Za-z])[${AMBIGUOUS}]|[${AMBIGUOUS}](?![0-9A-Za-z]))+`, "gu");

  const found = (pattern, text) => (text.match(pattern) || []).length;
  const length = (text) => text.length - found(ASTRAL, text);  // code points, as Python counts
  const covered = (pattern, text) => length(text) - length(text.replace(pattern, ""));
  const plain = (text) => text.replace(/\r\n?/g, "\n").replace(DROPPED, "");

  const byRuns = (pattern, text) => {
    const others = text.replace(pattern, " ");
    return covered(pattern, text) + found(runs, others) + found(BREAKS_THAT_COUNT, others);
  };

  const ofPlain = (text) => {
    if (!han.test(text) || !ambiguous.test(text)) return byRuns(asians, text);
    const besideHan = [], elsewhere = [];
    for (const paragraph of text.split("\n")) (han.test(paragraph) ? besideHan : elsewhere).push(paragraph);
    return byRuns(asiansBesideHan, besideHan.join("\n")) + byRuns(asians, elsewhere.join("\n"));
  };

  const zishu = (text) => ofPlain(plain(text));
  const count = (text) => {
    const counted = plain(text);
    return {
      zishu: ofPlain(counted), han: covered(hans, counted), characters: length(counted) - covered(spaces, counted),
    };
  };
  return { zishu, count };
})();
