extension Page {
  /// The pages of codes DRN0111 to DRN0120.
  static let syntaxOfForms: [Page] = [
    Page(
      .crowdedMultiplication,
      meaning: "A `*` that touches a name is part of a selector such as `conv*`. To multiply, put a space on both sides.",
      failing: """
        block f(x: tensor, n: int) {
          return x |> linear(n*2)
        }

        """,
      corrected: """
        block f(x: tensor, n: int) {
          return x |> linear(n * 2)
        }

        """,
      why: "Selectors use `*` for any part of a name, so `n*2` would name every layer that begins with `n` and ends with `2`."),
    Page(
      .missingTransition,
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
      why: "Without the word `by` the usual transition between the two forms is taken; with it, the file must say which."),
    Page(
      .missingComma,
      meaning: "Arguments are separated by commas. In a list only an element that begins with a name or a literal may follow without one.",
      failing: """
        train f on d {
          optimizer: sgd(momentum: 0.9 nesterov: true)
        }

        """,
      corrected: """
        train f on d {
          optimizer: sgd(momentum: 0.9, nesterov: true)
        }

        """,
      why: "Two values side by side are more often a slip than an intention."),
    Page(
      .unknownEscape,
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
      why: "Dropping the backslash or keeping it would both be guesses about the path that was meant."),
    Page(
      .bareDecimalPoint,
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
      why: "A `.` at the start belongs to paths of names; the digit makes numbers and paths look different."),
    Page(
      .chainedComparison,
      meaning: "A comparison is true or false, and comparing that again has no meaning.",
      failing: """
        train f on d {
          require: 1 < rank < 9
        }

        """,
      corrected: """
        train f on d {
          require: 1 < rank and rank < 9
        }

        """,
      why: "Some languages read `a < b < c` as two comparisons and others as one of a truth value; drnc reads neither."),
    Page(
      .missingElse,
      meaning: "An `if` that stands for a value needs a value for either case.",
      failing: """
        block f(x: tensor, n: int) {
          let y = if n > 1 { x |> linear(n) }
          return y
        }

        """,
      corrected: """
        block f(x: tensor, n: int) {
          let y = if n > 1 { x |> linear(n) } else { x }
          return y
        }

        """,
      why: "Only as a stage after `|>` may `else` be left out: the input then passes on unchanged."),
    Page(
      .blockComment,
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
      why: "In `/*` the `*` could begin a selector; one form of comment avoids the question."),
    Page(
      .colonBeforeBrace,
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
      why: "A `:` introduces one value; a body holds many entries."),
    Page(
      .malformedMoment,
      meaning: "A moment is a unit and then a whole number or a name: `epoch 100`, `step warmup_end`.",
      failing: """
        train f on d {
          weights fc* {
            from epochs 3: dense
          }
        }

        """,
      corrected: """
        train f on d {
          weights fc* {
            from epoch 3: dense
          }
        }

        """,
      why: "The plural after a number is a duration, `3 epochs`; the singular before it a point in time. The order keeps the two apart."),
  ]
}
