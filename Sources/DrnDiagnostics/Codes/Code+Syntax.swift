extension Code {
  public static let unexpectedToken = Code(101, "unexpected_token", "Something other than what the grammar expects stands here.", [.syntax])
  public static let unclosedBracket = Code(102, "unclosed_bracket", "An opening bracket has no closing bracket.", [.syntax])
  public static let strayToken = Code(103, "stray_token", "A token stands where nothing, or the next entry, should begin.", [.syntax])
  public static let unterminatedString = Code(104, "unterminated_string", "A string has no closing quote on its line.", [.syntax])
  public static let unknownCharacter = Code(105, "unknown_character", "A character starts no token of the language.", [.syntax])
  public static let missingValue = Code(106, "missing_value", "A value is missing.", [.syntax])
  public static let missingColon = Code(107, "missing_colon", "The `:` between a name or a time and its value is missing.", [.syntax])
  public static let nestedTooDeeply = Code(108, "nested_too_deeply", "Brackets or operators are nested deeper than drnc reads.", [.syntax])
  public static let numberTooLong = Code(109, "number_too_long", "A number has more characters than drnc reads.", [.syntax])
  public static let keywordAsName = Code(110, "keyword_as_name", "A keyword is used where a name is declared or referred to.", [.syntax])
  public static let crowdedMultiplication = Code(
    111, "crowded_multiplication", "A `*` without spaces reads as a selector, not as a product.", [.syntax])
  public static let missingTransition = Code(
    112, "missing_transition", "The word `by` is not followed by the name of a transition.", [.syntax])
  public static let missingComma = Code(113, "missing_comma", "Two arguments or elements are not separated by a comma.", [.syntax])
  public static let unknownEscape = Code(
    114, "unknown_escape", "A backslash in a string is followed by a character that has no escape.", [.syntax])
  public static let bareDecimalPoint = Code(115, "bare_decimal_point", "A decimal number has no digit before its point.", [.syntax])
  public static let chainedComparison = Code(116, "chained_comparison", "A comparison is compared again.", [.syntax])
  public static let missingElse = Code(117, "missing_else", "A conditional value has no `else`.", [.syntax])
  public static let blockComment = Code(118, "block_comment", "A comment is written with `/*` instead of `//`.", [.syntax])
  public static let colonBeforeBrace = Code(
    119, "colon_before_brace", "A `:` stands between the header of a clause and its body.", [.syntax])
  public static let malformedMoment = Code(
    120, "malformed_moment", "A moment is not a unit followed by a whole number or a name.", [.syntax])

  /// Codes DRN0100 to DRN0199.
  static let syntax: [Code] = [
    unexpectedToken, unclosedBracket, strayToken, unterminatedString, unknownCharacter, missingValue, missingColon, nestedTooDeeply,
    numberTooLong, keywordAsName, crowdedMultiplication, missingTransition, missingComma, unknownEscape, bareDecimalPoint,
    chainedComparison, missingElse, blockComment, colonBeforeBrace, malformedMoment,
  ]
}
