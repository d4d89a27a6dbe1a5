import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension RankChecker {
  /// Reports `initial:` and `mask:` of a form that no weight starts in: after a transition the form holds what the weight has become.
  func lintInitialDraws(_ plans: [FormPlan]) {
    for plan in plans {
      let starts = Set(plan.points.filter { $0.transition == nil }.map(\.point.value.span))
      for point in plan.points where point.transition != nil && !starts.contains(point.point.value.span) {
        guard case .call(_, let arguments) = point.point.value.kind,
          let given = arguments.first(where: { ["initial", "mask"].contains($0.name?.text) }),
          let name = given.name?.text
        else { continue }
        report(
          .unreadEntry, "`\(name)` has no effect: `\(point.word)` takes over a trained weight at \(point.point.text)", at: given.span,
          label: "nothing reads this", fixIts: edits.removing(option: name, of: point.point.value, .safe))
      }
    }
  }

  /// The variance of a product of factors over that of the dense initialization may lie between these.
  static let varianceRatios = 1.0 / 8...8.0

  /// Reports products of independently drawn factors whose entries are far smaller or larger than those of the dense initialization.
  func lintProductVariance(_ plans: [FormPlan]) {
    for plan in plans {
      guard let point = plan.points.first, point.transition == nil, point.form.options.word("initial") == "glorot_each" else { continue }
      let found = plan.sites.enumerated().compactMap { position, index -> (site: WeightSite, rank: Int, ratio: Double)? in
        let site = context.sites[index]
        guard let rank = point.form.rank?.resolve(site.shape, current: nil, position: position, count: plan.sites.count), rank >= 1,
          rank <= site.shape.shortSide, point.form.secondRank?.fits(site.shape) ?? true,
          let ratio = varianceRatio(point.form, site, rank: rank), !Self.varianceRatios.contains(ratio)
        else { return nil }
        return (site, rank, ratio)
      }
      guard let first = found.first else { continue }
      let others = found.count == 1 ? "" : " and \(counted(found.count - 1, "other"))"
      let (times, word) = first.ratio < 1 ? (1 / first.ratio, "smaller") : (first.ratio, "larger")
      report(
        .productVariance, "the factors of `\(first.site.path)`\(others) start with a product far from the dense initialization",
        at: rankSpan(point), label: "rank \(first.rank): a variance \(rounded(times)) times \(word)",
        notes: ["activations and gradients shrink or grow by the square root of it, \(rounded(times.squareRoot())), in every such layer"],
        help: takesProduct(point) ? "`initial: glorot_product` draws factors whose product has the variance of the dense weight" : nil,
        fixIts: takesProduct(point) ? edits.writing("glorot_product", for: "initial", of: point.point.value) : [])
    }
  }

  /// With factors drawn as Glorot has it, variance 2 / (rows + columns times places of the kernel) each; an entry of the product sums one
  /// term for every choice of the indices between the factors, each of which runs over the columns of the factor before it.
  private func varianceRatio(_ form: any Parameterization, _ site: WeightSite, rank: Int) -> Double? {
    let factors = form.parameters(site.shape, rank: Dimension(rank))
    guard factors.count > 1, factors.allSatisfy({ $0.isTrainable && $0.shape.count == 2 }),
      let dense = site.initializer.variance(site.shape)
    else { return nil }
    let variance = factors.reduce(1) { $0 * $1.glorotVariance }
    return factors.dropLast().reduce(variance) { $0 * Double($1.shape.last?.value ?? 0) } / dense
  }

  private func takesProduct(_ point: FormPoint) -> Bool {
    type(of: point.form).spec.options.contains { option in
      guard case .word(let words) = option.kind else { return false }
      return option.name == "initial" && words.contains("glorot_product")
    }
  }

  private func rounded(_ value: Double) -> String { formatted((value * 10).rounded() / 10) }
}

extension Initializer {
  /// The variance of one value of a weight, `nil` where all are the same.
  fileprivate func variance(_ shape: WeightShape) -> Double? {
    switch self {
    case .zeros, .ones: nil
    case .glorotUniform, .glorotNormal: 2 / (Double(shape.inputs) + Double(shape.outputs) * Double(shape.kernelArea))
    case .heNormal: 2 / Double(shape.inputs)
    case .fanInUniform(let inputs): 1 / (3 * Double(inputs))
    case .normal(let deviation): deviation * deviation
    }
  }
}

extension ParameterSpec {
  /// 2 / (fan-in + fan-out); a column of a convolution reaches as many places of its result as the kernel has.
  fileprivate var glorotVariance: Double {
    let (rows, columns) = (Double(shape.first?.value ?? 0), Double(shape.last?.value ?? 0))
    return 2 / (rows + columns * (kernel.map { Double($0.height) * Double($0.width) } ?? 1))
  }
}
