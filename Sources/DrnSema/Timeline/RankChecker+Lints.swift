import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension RankChecker {
  /// The width, in 32-bit values, that kernels work on at once.
  static let vectorWidth = 16
  /// Scales of an adapter from this one on, or at most its reciprocal, make its first steps 256 times as large or as small as at scale 1,
  /// because the product moves with the square of the scale.
  static let oddAdapterScale = 16.0

  /// Records what is doubtful about the rank of one weight.
  func lintRank(_ span: FormSpan, _ point: FormPoint, _ place: Place, _ found: inout PointFindings) {
    guard let rank = span.rank, rank > 0 else { return }
    let shape = context.sites[place.site].shape
    let finding = PointFindings.Finding(site: place.site, rank: rank)
    let parameters = point.form.parameters(shape, rank: Dimension(rank))
    let drawsFromDense = point.transition == nil && point.form.structure.options.word("initial") == "svd"
    if drawsFromDense, context.sites[place.site].initializer == .zeros { found[.zeroProduct].append(finding) }
    let isAdditive = point.form.fidelity(rank: rank, shape: shape) == .additive
    if parameters.allSatisfy(\.isTrainable), rank > breakEvenRank(point.form, shape) { found[.savesNothing].append(finding) }
    if rank > point.form.basisLimit(shape) { found[.wideBasis].append(finding) }
    if rank % Self.vectorWidth != 0, rank != shape.shortSide { found[.unaligned].append(finding) }
    if let scale = point.form.scale(rank: rank), max(scale, 1 / scale) >= Self.oddAdapterScale {
      found[.oddScale].append(.init(site: place.site, rank: rank, text: formatted(scale)))
    }
    if let departure = point.form.departure(shape) { found[.departing].append(.init(site: place.site, rank: rank, text: departure)) }
    if !isAdditive, place.site == context.sites.count - 1, let classes = context.data?.settings.classes, rank < classes {
      found[.belowClasses].append(finding)
    }
  }

  func reportFindings(_ found: PointFindings, _ point: FormPoint) {
    reportObstacles(found, point)
    reportRankErrors(found, point)
    reportInputRanks(found, point)
    reportTransitionErrors(found, point)
    reportRankLints(found, point)
  }

  /// "`fc1` (784 x 256)" and how many more.
  func named(_ findings: [PointFindings.Finding]) -> (first: String, shape: WeightShape, others: String)? {
    guard let first = findings.first else { return nil }
    let site = context.sites[first.site]
    let others = findings.count == 1 ? "" : " and \(counted(findings.count - 1, "other"))"
    return ("`\(site.path)` (\(site.shape.inputs) x \(site.shape.outputs))", site.shape, others)
  }

  private func listed(_ findings: [PointFindings.Finding]) -> [String] {
    guard findings.count > 1 else { return [] }
    let shown = findings.prefix(8).map { "`\(context.sites[$0.site].path)` \($0.rank)" }.joined(separator: ", ")
    return ["ranks: " + shown + (findings.count > 8 ? ", ..." : "")]
  }

  private func reportRankErrors(_ found: PointFindings, _ point: FormPoint) {
    let span = rankSpan(point)
    if let first = found[.tooDear].first {
      report(
        .rankTooSmall, "the budget holds \(first.text)", at: rankSpan(point), label: "too small a budget",
        help: "raise the share, or leave weights out of the clause")
    }
    if let (name, _, others) = named(found[.tooSmall]), let first = found[.tooSmall].first {
      report(
        .rankTooSmall, "the rank of \(name)\(others) is \(first.rank), and the least rank is 1", at: span, label: "rank \(first.rank)",
        secondary: shapeLabel(found[.tooSmall]), notes: listed(found[.tooSmall]),
        fixIts: stating(rank: "1", for: found[.tooSmall], of: found.sites, point))
    }
    if let (name, shape, others) = named(found[.tooLarge]), let first = found[.tooLarge].first {
      let rank = first.rank == Int.max ? "too large" : String(first.rank)
      report(
        .rankTooLarge, "the rank of \(name)\(others) is \(rank), and the largest possible is \(shape.shortSide)", at: span,
        label: "rank \(rank)", secondary: shapeLabel(found[.tooLarge]),
        notes: first.rank == Int.max ? [] : listed(found[.tooLarge]),
        help: "a matrix has at most the rank of its short side; `full` stands for it",
        fixIts: stating(rank: "full", for: found[.tooLarge], of: found.sites, point))
    }
    if let (name, _, others) = named(found[.zeroProduct]) {
      report(
        .zeroProduct, "all factors of \(name)\(others) start at zero, so no gradient reaches any of them", at: span,
        label: "taken from a weight that is zero", help: "leave out `initial: svd` here, or `initial: zeros` in `train`",
        fixIts: edits.removing(option: "initial", of: point.point.value, .unsafe))
    }
    if let (name, _, others) = named(found[.undetermined]), let first = found[.undetermined].first {
      report(.undeterminedRank, "the rank of \(name)\(others) is not known here", at: span, label: "no number", notes: [first.text])
    }
  }

  private func reportRankLints(_ found: PointFindings, _ point: FormPoint) {
    let span = rankSpan(point)
    if let (name, shape, others) = named(found[.savesNothing]), let first = found[.savesNothing].first {
      let even = breakEvenRank(point.form, shape)
      let dense = shape.inputs.multipliedReportingOverflow(by: shape.outputs).partialValue
      let count = parameterCount(point.form, shape, rank: first.rank).map(String.init) ?? "more"
      report(
        .rankSavesNothing, "at rank \(first.rank), `\(point.word)` of \(name)\(others) saves nothing", at: span,
        label: "\(count) values against \(dense) of the dense weight",
        secondary: shapeLabel(found[.savesNothing]),
        notes: ["up to rank \(even), `\(point.word)` is smaller than dense"] + listed(found[.savesNothing]),
        fixIts: smallerRank(found[.savesNothing], of: found.sites, point))
    }
    reportWideBases(found, point)
    if let (name, _, others) = named(found[.fixedZeros]), let first = found[.fixedZeros].first {
      report(
        .fixedAtZero, "zeros of \(name)\(others) stay zero: where a power is zero it has no gradient", at: point.point.value.span,
        label: first.text, help: "draw the first values, or take a form before it that leaves no zeros")
    }
    if let (name, _, others) = named(found[.unaligned]), let first = found[.unaligned].first {
      let below = first.rank / Self.vectorWidth * Self.vectorWidth
      report(
        .rankUnaligned, "rank \(first.rank) of \(name)\(others) is not a multiple of \(Self.vectorWidth)", at: span,
        label: "rank \(first.rank)",
        notes: ["the nearest multiples are \(below > 0 ? "\(below) and " : "")\(below + Self.vectorWidth)"]
          + listed(found[.unaligned]), fixIts: alignedRank(found[.unaligned], point))
    }
    if let (name, _, others) = named(found[.oddScale]), let first = found[.oddScale].first {
      report(
        .adapterScale, "the adapter of \(name)\(others) is scaled by \(first.text)", at: span, label: "alpha / rank is \(first.text)",
        notes: ["a step moves the weight by the square of the scale times as much as at scale 1"],
        help: "`alpha: \(first.rank)` gives scale 1 at rank \(first.rank)",
        fixIts: edits.writing(String(first.rank), for: "alpha", of: point.point.value))
    }
    if let (name, _, others) = named(found[.departing]), let first = found[.departing].first {
      report(
        .departsFromSource, "`\(point.word)` of \(name)\(others) is not the published one", at: span, label: "computed otherwise",
        notes: [first.text])
    }
    if let (name, _, _) = named(found[.belowClasses]), let first = found[.belowClasses].first, let data = context.data {
      let classes = data.settings.classes ?? 0
      report(
        .headRankBelowClasses, "\(name) has rank \(first.rank), but there are \(classes) classes", at: span, label: "rank \(first.rank)",
        secondary: [Label(data.labelSpan, "\(classes) classes")], notes: ["the outputs span only \(first.rank) dimensions"],
        fixIts: stating(rank: String(classes), for: found[.belowClasses], of: found.sites, point))
    }
  }
}
