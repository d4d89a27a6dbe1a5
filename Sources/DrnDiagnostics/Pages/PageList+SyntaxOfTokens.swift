extension Page {
  /// The pages of codes DRN0101 to DRN0110.
  static let syntaxOfTokens: [Page] = [
    Page(
      .unexpectedToken,
      meaning: "drnc reads a file from its start and found something that no rule of the grammar allows at "
        + "this place. The message names what it found and what could have stood there.",
      failing: """
        data d [
          image: tensor[1, 8, 8]
        }

        """,
      corrected: """
        data d {
          image: tensor[1, 8, 8]
        }

        """,
      why: "Going on as if nothing had happened would give the rest of the file a meaning its author did not write."),
    Page(
      .unclosedBracket,
      meaning: "A `(`, `[` or `{` is never closed. The second label shows where it was opened.",
      failing: """
        train f on d {
          rate: step(0.1, factor: 0.1
          batch: 128
        }

        """,
      corrected: """
        train f on d {
          rate: step(0.1, factor: 0.1)
          batch: 128
        }

        """,
      why: "Line breaks mean nothing in the language, so everything up to the closing bracket belongs to the opened one."),
    Page(
      .strayToken,
      meaning: "A body holds entries one after the other, and this token begins none. Entries need no separator.",
      failing: """
        data d {
          image: tensor[1, 8, 8],
          label: class(10)
        }

        """,
      corrected: """
        data d {
          image: tensor[1, 8, 8]
          label: class(10)
        }

        """,
      why: "A token that is read by nothing would be silently without effect."),
    Page(
      .unterminatedString,
      meaning: "A string ends at a `\"` on the line where it begins; this one does not.",
      failing: """
        import "common.drn

        """,
      corrected: """
        import "common.drn"

        """,
      why: "Were strings to reach over lines, one forgotten quote would turn the rest of the file inside out."),
    Page(
      .unknownCharacter,
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
      why: "Names appear in saved files and on the command line, where only plain letters, digits and `_` are safe everywhere."),
    Page(
      .missingValue,
      meaning: "A name, a time or an operator is followed by nothing that can be its value.",
      failing: """
        train f on d {
          batch:
          seed: 7
        }

        """,
      corrected: """
        train f on d {
          batch: 128
          seed: 7
        }

        """,
      why: "A setting without a value cannot fall back on a default that the file does not show."),
    Page(
      .missingColon,
      meaning: "A setting is `name: value` and a timed entry `from epoch 0: value`; here the `:` is missing.",
      failing: """
        train f on d {
          batch 128
        }

        """,
      corrected: """
        train f on d {
          batch: 128
        }

        """,
      why: "The `:` is what tells a setting from the header of a clause such as `weights conv* { ... }`."),
    Page(
      .nestedTooDeeply,
      meaning: "Brackets may be 200 deep and the operators of one expression 400; this file goes further.",
      failing: "block f(x: tensor, n: int) {\n  return x |> linear("
        + String(repeating: "(", count: 201) + "n" + String(repeating: ")", count: 201) + ")\n}\n",
      corrected: """
        block f(x: tensor, n: int) {
          let doubled = n * 2
          return x |> linear(doubled)
        }

        """,
      why: "A fixed limit keeps a damaged or generated file from exhausting the memory of the compiler."),
    Page(
      .numberTooLong,
      meaning: "A number may have at most 400 characters.",
      failing: "train f on d {\n  batch: " + String(repeating: "1", count: 401) + "\n}\n",
      corrected: """
        train f on d {
          batch: 128
        }

        """,
      why: "No quantity of a program needs more, and reading such a number would take time out of proportion."),
    Page(
      .keywordAsName,
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
      why: "The list of keywords is short and closed. As an argument or setting, before a `:`, a keyword is an ordinary name."),
  ]
}
