// Expressions: what a mapping computes from a card. Typed by the vocabulary, refused when they are saved if they could be slow or see more.
// Not a programming language: no loops but over the card's own lists, no state, no clock, no patterns.
// Called by the mapping's check and compilation.
export { createEnvironment } from "./environment.ts";
export {
  type Expression,
  ExpressionFault,
  type ExpressionProblem,
  parseExpression,
} from "./expression.ts";
export { amountText } from "./functions.ts";
export { typeWords } from "./wording.ts";
export { wordsOf } from "./words.ts";
