// Words, numbers and selectors of .drn files, each the longest token that fits at its place.
#include <string.h>

#include "tree_sitter/parser.h"

// The order is that of `externals` in grammar.js.
enum TokenType { NAME, INTEGER, DECIMAL, PERCENT, PATTERN, PRODUCT, NEVER, FIRST_KEYWORD };

static const char *const keywords[] = {
    "data", "block", "network", "train", "import", "let",  "repeat", "return", "except", "on",  "if",     "else", "from", "every",
    "at",   "by",    "true",    "false", "of",     "div",  "mod",    "and",    "or",     "not", "epoch",  "epochs", "step", "steps",
};
enum { KEYWORDS = sizeof keywords / sizeof *keywords, LONGEST_KEYWORD = 7 };

static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_word_start(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_word(int32_t c) { return is_word_start(c) || is_digit(c); }

static void step(TSLexer *lexer) { lexer->advance(lexer, false); }

// Steps over a character and ends the token after it.
static void take(TSLexer *lexer) {
  step(lexer);
  lexer->mark_end(lexer);
}

static bool found(TSLexer *lexer, TSSymbol symbol) {
  lexer->result_symbol = symbol;
  return true;
}

static void take_digits(TSLexer *lexer) {
  while (is_digit(lexer->lookahead) || lexer->lookahead == '_') take(lexer);
}

static bool take_fraction(TSLexer *lexer) {
  step(lexer);
  if (!is_digit(lexer->lookahead)) return false;
  take_digits(lexer);
  return true;
}

static bool take_exponent(TSLexer *lexer) {
  step(lexer);
  if (lexer->lookahead == '+' || lexer->lookahead == '-') step(lexer);
  if (!is_digit(lexer->lookahead)) return false;
  take_digits(lexer);
  return true;
}

// A point or letter that begins no fraction or exponent is looked at and stays outside of the token.
static bool scan_number(TSLexer *lexer) {
  TSSymbol symbol = INTEGER;
  take_digits(lexer);
  if (lexer->lookahead == '.') {
    if (!take_fraction(lexer)) return found(lexer, symbol);
    symbol = DECIMAL;
  }
  if (lexer->lookahead == 'e' || lexer->lookahead == 'E') {
    if (!take_exponent(lexer)) return found(lexer, symbol);
    symbol = DECIMAL;
  }
  if (lexer->lookahead != '%') return found(lexer, symbol);
  take(lexer);
  return found(lexer, PERCENT);
}

// What has been read from the start of a word on. Without a star only the first word is the token.
struct Extent {
  char word[LONGEST_KEYWORD + 2];
  unsigned length;
  bool is_first_word;
  bool has_star;
  // Whether some star lacks a word or index on one of its sides, so that it cannot look like a product.
  bool is_open;
  int32_t last;
};

// Steps over a character of the extent, which comes after `last` if it is a part of its own.
static void extend(TSLexer *lexer, struct Extent *extent, int32_t as) {
  step(lexer);
  if (extent->last == '*' && !is_word(as)) extent->is_open = true;
  if (as == '*' && !is_word(extent->last) && extent->last != ']') extent->is_open = true;
  extent->last = as;
  if (extent->has_star || extent->is_first_word) lexer->mark_end(lexer);
}

static void extend_word(TSLexer *lexer, struct Extent *extent) {
  int32_t c = lexer->lookahead;
  if (c == '*') {
    extent->has_star = true;
    extent->is_first_word = false;
  } else if (extent->is_first_word && extent->length + 1 < sizeof extent->word) {
    extent->word[extent->length++] = (char)c;
  }
  extend(lexer, extent, c);
}

// `.` before a name or a star.
static bool extend_point(TSLexer *lexer, struct Extent *extent) {
  step(lexer);
  if (!is_word_start(lexer->lookahead) && lexer->lookahead != '*') return false;
  if (extent->last == '*') extent->is_open = true;
  extent->is_first_word = false;
  extent->last = '.';
  return true;
}

// `[3]` or `[*]`.
static bool extend_bracket(TSLexer *lexer, struct Extent *extent) {
  step(lexer);
  bool has_star = lexer->lookahead == '*';
  bool is_filled = has_star || is_digit(lexer->lookahead);
  if (has_star) step(lexer);
  while (!has_star && is_digit(lexer->lookahead)) step(lexer);
  if (!is_filled || lexer->lookahead != ']') return false;
  extent->is_first_word = false;
  if (has_star) extent->has_star = extent->is_open = true;
  extend(lexer, extent, ']');
  return true;
}

static bool extend_once(TSLexer *lexer, struct Extent *extent) {
  if (is_word(lexer->lookahead) || lexer->lookahead == '*') {
    extend_word(lexer, extent);
    return true;
  }
  if (lexer->lookahead == '.') return extend_point(lexer, extent);
  return lexer->lookahead == '[' && extend_bracket(lexer, extent);
}

static TSSymbol word_symbol(const struct Extent *extent) {
  for (unsigned index = 0; index < KEYWORDS; index++)
    if (strcmp(keywords[index], extent->word) == 0) return (TSSymbol)(FIRST_KEYWORD + index);
  return NAME;
}

static bool scan_word(TSLexer *lexer) {
  struct Extent extent = {.is_first_word = true};
  bool begins_with_star = lexer->lookahead == '*';
  unsigned parts = 0;
  while (extend_once(lexer, &extent)) parts++;
  if (!extent.has_star) return found(lexer, word_symbol(&extent));
  // A lone star multiplies.
  if (begins_with_star && parts == 1) return false;
  if (extent.last == '*') extent.is_open = true;
  return found(lexer, extent.is_open ? PATTERN : PRODUCT);
}

void *tree_sitter_drn_external_scanner_create(void) { return NULL; }
void tree_sitter_drn_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_drn_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_drn_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_drn_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  (void)valid_symbols;
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r' || lexer->lookahead == '\n')
    lexer->advance(lexer, true);
  if (is_digit(lexer->lookahead)) return scan_number(lexer);
  if (is_word_start(lexer->lookahead) || lexer->lookahead == '*') return scan_word(lexer);
  return false;
}
