import DrnIR

/// The transition matrix as a table in Markdown: rows are the old form, columns the new one, for the 12 x 8 weight of a convolution
/// of 3 channels with a 2 x 2 kernel, at rank 4 (`full` is 8).
///
/// Each cell says what happens to W, then to a slot of gradients and to one of squared gradients under `carry`.
public func transitionMatrixTable() -> String {
  let (titles, cells) = transitionMatrix()
  let header = "| from \\ to | " + titles.joined(separator: " | ") + " |"
  let rule = "| --- |" + titles.map { _ in " --- |" }.joined()
  let rows = zip(titles, cells).map { title, row in
    "| " + title + " | " + row.map { "\($0.weights.word); \($0.gradient.word), \($0.squaredGradient.word)" }.joined(separator: " | ") + " |"
  }
  return ([header, rule] + rows).joined(separator: "\n") + "\n"
}

/// Every form, those with a rank at two ranks, and the change from each (a row) to each.
public func transitionMatrix() -> (titles: [String], cells: [[TransitionCell]]) {
  let forms = exampleForms()
  let cells = forms.map { old in
    forms.map { new in transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: ExampleForm.shape) }
  }
  return (forms.map(\.title), cells)
}

/// One row or column of the printed matrix.
struct ExampleForm {
  static let shape = WeightShape(
    inputs: 12, outputs: 8,
    convolution: ConvolutionGeometry(kernel: Extent2(height: 2, width: 2), stride: .one, dilation: .one, padding: .none))
  let form: any Parameterization
  let rank: Int
  var title: String { form.rank == nil ? form.word : rank == Self.shape.shortSide ? "\(form.word), full" : "\(form.word), \(rank)" }
}

/// Every form, those with a rank at half and at the full short side.
func exampleForms() -> [ExampleForm] {
  Parameterizations.all.flatMap { type -> [ExampleForm] in
    let takesRank = type.spec.options.contains { $0.name == "rank" }
    let ranks = takesRank ? [ExampleForm.shape.shortSide / 2, ExampleForm.shape.shortSide] : [0]
    return ranks.map { rank in
      let options = Options(defaultsOf: type.spec)
      return ExampleForm(form: type.init(options: takesRank ? options.replacing(["rank": .integer(rank)]) : options), rank: rank)
    }
  }
}

extension TransitionCell.Weights {
  /// One word for tables.
  public var word: String {
    switch self {
    case .exact: "exact"
    case .truncating: "truncating"
    case .additive: "additive"
    case .refused: "refused"
    }
  }
}

extension TransitionCell.State {
  /// One word for tables.
  public var word: String {
    switch self {
    case .exact: "exact"
    case .projected: "projected"
    case .heuristic: "heuristic"
    case .resetOnly: "reset only"
    }
  }
}
