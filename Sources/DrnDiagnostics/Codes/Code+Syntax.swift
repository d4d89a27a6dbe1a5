extension Code {
  /// DRN0101: something other than what the grammar expects stands here.
  public static let unexpectedToken = Code(101, "unexpected_token", .error, "Something other than what the grammar expects stands here.")
  /// DRN0102: an opening bracket has no closing bracket.
  public static let unclosedBracket = Code(102, "unclosed_bracket", .error, "An opening bracket has no closing bracket.")
  /// DRN0103: a token stands where nothing, or the next entry, should begin.
  public static let strayToken = Code(103, "stray_token", .error, "A token stands where nothing, or the next entry, should begin.")
  /// DRN0104: a string has no closing quote on its line.
  public static let unterminatedString = Code(104, "unterminated_string", .error, "A string has no closing quote on its line.")
  /// DRN0105: a character starts no token of the language.
  public static let unknownCharacter = Code(105, "unknown_character", .error, "A character starts no token of the language.")
  /// DRN0106: a value is missing.
  public static let missingValue = Code(106, "missing_value", .error, "A value is missing.")
  /// DRN0107: the `:` between a name or a time and its value is missing.
  public static let missingColon = Code(107, "missing_colon", .error, "The `:` between a name or a time and its value is missing.")
  /// DRN0108: brackets or operators are nested deeper than drnc reads.
  public static let nestedTooDeeply = Code(108, "nested_too_deeply", .error, "Brackets or operators are nested deeper than drnc reads.")
  /// DRN0109: a number has more characters than drnc reads.
  public static let numberTooLong = Code(109, "number_too_long", .error, "A number has more characters than drnc reads.")
  /// DRN0110: a keyword is used where a name is declared or referred to.
  public static let keywordAsName = Code(110, "keyword_as_name", .error, "A keyword is used where a name is declared or referred to.")
  /// DRN0111: a `*` without spaces reads as a selector, not as a product.
  public static let crowdedMultiplication = Code(
    111, "crowded_multiplication", .error, "A `*` without spaces reads as a selector, not as a product.")
  /// DRN0112: the word `by` is not followed by the name of a transition.
  public static let missingTransition = Code(
    112, "missing_transition", .error, "The word `by` is not followed by the name of a transition.")
  /// DRN0113: two arguments or elements are not separated by a comma.
  public static let missingComma = Code(113, "missing_comma", .error, "Two arguments or elements are not separated by a comma.")
  /// DRN0114: a backslash in a string is followed by a character that has no escape.
  public static let unknownEscape = Code(
    114, "unknown_escape", .error, "A backslash in a string is followed by a character that has no escape.")
  /// DRN0115: a decimal number has no digit before its point.
  public static let bareDecimalPoint = Code(115, "bare_decimal_point", .error, "A decimal number has no digit before its point.")
  /// DRN0116: a comparison is compared again.
  public static let chainedComparison = Code(116, "chained_comparison", .error, "A comparison is compared again.")
  /// DRN0117: a conditional value has no `else`.
  public static let missingElse = Code(117, "missing_else", .error, "A conditional value has no `else`.")
  /// DRN0118: a comment is written with `/*` instead of `//`.
  public static let blockComment = Code(118, "block_comment", .error, "A comment is written with `/*` instead of `//`.")
  /// DRN0119: a `:` stands between the header of a clause and its body.
  public static let colonBeforeBrace = Code(119, "colon_before_brace", .error, "A `:` stands between the header of a clause and its body.")
  /// DRN0120: a moment is not a unit followed by a whole number or a name.
  public static let malformedMoment = Code(120, "malformed_moment", .error, "A moment is not a unit followed by a whole number or a name.")

  /// Codes DRN0100 to DRN0199.
  static let syntax: [Code] = [
    unexpectedToken, unclosedBracket, strayToken, unterminatedString, unknownCharacter, missingValue, missingColon, nestedTooDeeply,
    numberTooLong, keywordAsName, crowdedMultiplication, missingTransition, missingComma, unknownEscape, bareDecimalPoint,
    chainedComparison, missingElse, blockComment, colonBeforeBrace, malformedMoment,
  ]
}
