/// Characters, words and numbers of the text.
extension Code {
  public static let unterminatedString = Code(
    104, "unterminated_string", traits: [.syntax],
    summary: "A string has no closing quote on its line.",
    meaning: "A string ends at a `\"` on the line where it begins; this one does not.",
    failing: """
      import "common.drn

      """,
    corrected: """
      import "common.drn"

      """,
    why: "Were strings to reach over lines, one forgotten quote would turn the rest of the file inside out.")

  public static let unknownCharacter = Code(
    105, "unknown_character", traits: [.syntax],
    summary: "A character starts no token of the language.",
    meaning: "The language has no token that begins with this character. Letters outside ASCII may stand in comments and strings.",
    failing: """
      data d {
        label: class(10);
        validation: 10%
      }

      """,
    corrected: """
      data d {
        label: class(10)
        validation: 10%
      }

      """,
    why: "Names appear in saved files and on the command line, where only plain letters, digits and `_` are safe everywhere.")

  public static let numberTooLong = Code(
    109, "number_too_long", traits: [.syntax],
    summary: "A number has more characters than drnc reads.",
    meaning: "A number may have at most 400 characters.",
    failing: Example(source: "train f on d {\n  batch: " + String(repeating: "1", count: 401) + "\n}\n"),
    corrected: """
      train f on d {
        batch: 128
      }

      """,
    why: "No quantity of a program needs more, and reading such a number would take time out of proportion.")

  public static let keywordAsName = Code(
    110, "keyword_as_name", traits: [.syntax],
    summary: "A keyword is used where a name is declared or referred to.",
    meaning: "This word is a keyword and cannot be the name of something.",
    failing: """
      block f(x: tensor, n: int) {
        return x |> data: linear(n)
      }

      """,
    corrected: """
      block f(x: tensor, n: int) {
        return x |> data_: linear(n)
      }

      """,
    why: "The list of keywords is short and closed. As an argument or setting, before a `:`, a keyword is an ordinary name.")

  public static let unknownEscape = Code(
    114, "unknown_escape", traits: [.syntax],
    summary: "A backslash in a string is followed by a character that has no escape.",
    meaning: "In a string a backslash is followed by `\\`, `\"`, `n` or `t`.",
    failing: """
      data d {
        source: cifar("C:\\data")
      }

      """,
    corrected: """
      data d {
        source: cifar("C:\\\\data")
      }

      """,
    why: "Dropping the backslash or keeping it would both be guesses about the path that was meant.")

  public static let bareDecimalPoint = Code(
    115, "bare_decimal_point", traits: [.syntax],
    summary: "A decimal number has no digit before its point.",
    meaning: "A decimal number has a digit before its point.",
    failing: """
      train f on d {
        optimizer: sgd(momentum: .9)
      }

      """,
    corrected: """
      train f on d {
        optimizer: sgd(momentum: 0.9)
      }

      """,
    why: "A `.` at the start belongs to paths of names; the digit makes numbers and paths look different.")

  public static let blockComment = Code(
    118, "block_comment", traits: [.syntax],
    summary: "A comment is written with `/*` instead of `//`.",
    meaning: "Comments begin with `//` and end with the line.",
    failing: """
      /* digits */
      data d {
        label: class(10)
      }

      """,
    corrected: """
      // digits
      data d {
        label: class(10)
      }

      """,
    why: "In `/*` the `*` could begin a selector; one form of comment avoids the question.")
}
