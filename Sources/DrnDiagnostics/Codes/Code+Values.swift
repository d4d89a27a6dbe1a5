/// Values that cannot be read.
extension Code {
  public static let missingValue = Code(
    106, "missing_value", traits: [.syntax],
    summary: "A value is missing.",
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
    why: "A setting without a value cannot fall back on a default that the file does not show.")

  public static let nestedTooDeeply = Code(
    108, "nested_too_deeply", traits: [.syntax],
    summary: "Brackets or operators are nested deeper than drnc reads.",
    meaning: "Brackets may be 200 deep and the operators of one expression 400; this file goes further.",
    failing: Example(
      source: "block f(x: tensor, n: int) {\n  return x |> linear("
        + String(repeating: "(", count: 201) + "n" + String(repeating: ")", count: 201) + ")\n}\n"),
    corrected: """
      block f(x: tensor, n: int) {
        let doubled = n * 2
        return x |> linear(doubled)
      }

      """,
    why: "A fixed limit keeps a damaged or generated file from exhausting the memory of the compiler.")

  public static let crowdedMultiplication = Code(
    111, "crowded_multiplication", traits: [.syntax],
    summary: "A `*` without spaces reads as a selector, not as a product.",
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
    why: "Selectors use `*` for any part of a name, so `n*2` would name every layer that begins with `n` and ends with `2`.")

  public static let missingComma = Code(
    113, "missing_comma", traits: [.syntax],
    summary: "Two arguments or elements are not separated by a comma.",
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
    why: "Two values side by side are more often a slip than an intention.")

  public static let chainedComparison = Code(
    116, "chained_comparison", traits: [.syntax],
    summary: "A comparison is compared again.",
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
    why: "Some languages read `a < b < c` as two comparisons and others as one of a truth value; drnc reads neither.")

  public static let missingElse = Code(
    117, "missing_else", traits: [.syntax],
    summary: "A conditional value has no `else`.",
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
    why: "Only as a stage after `|>` may `else` be left out: the input then passes on unchanged.")

  public static let malformedMoment = Code(
    120, "malformed_moment", traits: [.syntax],
    summary: "A moment is not a unit followed by a whole number or a name.",
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
    why: "The plural after a number is a duration, `3 epochs`; the singular before it a point in time. The order keeps the two apart.")
}
