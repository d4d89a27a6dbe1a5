/// What stands where the grammar has no place for it.
extension Code {
  public static let unexpectedToken = Code(
    101, "unexpected_token", traits: [.syntax],
    summary: "Something other than what the grammar expects stands here.",
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
    why: "Going on as if nothing had happened would give the rest of the file a meaning its author did not write.")

  public static let unclosedBracket = Code(
    102, "unclosed_bracket", traits: [.syntax],
    summary: "An opening bracket has no closing bracket.",
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
    why: "Line breaks mean nothing in the language, so everything up to the closing bracket belongs to the opened one.")

  public static let strayToken = Code(
    103, "stray_token", traits: [.syntax],
    summary: "A token stands where nothing, or the next entry, should begin.",
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
    why: "A token that is read by nothing would be silently without effect.")

  public static let missingColon = Code(
    107, "missing_colon", traits: [.syntax],
    summary: "The `:` between a name or a time and its value is missing.",
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
    why: "The `:` is what tells a setting from the header of a clause such as `weights conv* { ... }`.")

  public static let missingTransition = Code(
    112, "missing_transition", traits: [.syntax],
    summary: "The word `by` is not followed by the name of a transition.",
    meaning: "`by` is followed by the transition that carries the weights from one form to the next, such as `svd(state: carry)`.",
    failing: """
      train f on d {
        state: reset
        weights fc* {
          from epoch 0: dense
          from epoch 9: factored(rank: 4) by
        }
      }

      """,
    corrected: """
      train f on d {
        state: reset
        weights fc* {
          from epoch 0: dense
          from epoch 9: factored(rank: 4) by svd
        }
      }

      """,
    why: "Without the word `by` the usual transition between the two forms is taken; with it, the file must say which.")

  public static let colonBeforeBrace = Code(
    119, "colon_before_brace", traits: [.syntax],
    summary: "A `:` stands between the header of a clause and its body.",
    meaning: "A clause is a name and a body in braces, without a `:` between them.",
    failing: """
      train f on d {
        loss: {
          from epoch 0: cross_entropy
        }
      }

      """,
    corrected: """
      train f on d {
        loss {
          from epoch 0: cross_entropy
        }
      }

      """,
    why: "A `:` introduces one value; a body holds many entries.")
}
