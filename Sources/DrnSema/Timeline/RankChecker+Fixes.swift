import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension RankChecker {
  /// Where a form states its rank, else the whole form.
  func rankSpan(_ point: FormPoint) -> Span { edits.argument("rank", of: point.point.value)?.value.span ?? point.point.value.span }

  /// Where the shape of the first weight comes from.
  func shapeLabel(_ findings: [PointFindings.Finding]) -> [Label] {
    guard let first = findings.first, let network = context.network else { return [] }
    let site = context.sites[first.site]
    return [Label(network.nodes[site.node].span, "`\(site.path)` is \(site.shape.inputs) x \(site.shape.outputs)")]
  }

  /// A fix that states one rank for all weights of a clause. None where they have ranks of their own by a map over the layers, or by a share
  /// that is right for some of them: one number would change those too.
  func stating(rank: String, for findings: [PointFindings.Finding], of sites: Int, _ point: FormPoint) -> [FixIt] {
    switch point.form.rank {
    case .linear: sites > 1 ? [] : edits.writing(rank: rank, of: point.point.value)
    case .fraction: findings.count < sites ? [] : edits.writing(rank: rank, of: point.point.value)
    case .exact, .full, .current, .energy, .explainedVariance, .budget, nil: edits.writing(rank: rank, of: point.point.value)
    }
  }

  /// The largest rank that saves something for every one of the weights, a multiple of the vector width where there is one.
  func smallerRank(_ findings: [PointFindings.Finding], of sites: Int, _ point: FormPoint) -> [FixIt] {
    let largest = findings.map { breakEvenRank(point.form, context.sites[$0.site].shape) }.min() ?? 0
    let aligned = largest / Self.vectorWidth * Self.vectorWidth
    return largest < 1 ? [] : stating(rank: String(aligned > 0 ? aligned : largest), for: findings, of: sites, point)
  }

  /// Reports ranks at which a basis is wider than the channels it mixes, with the largest rank at which none is.
  func reportWideBases(_ found: PointFindings, _ point: FormPoint) {
    let findings = found[.wideBasis]
    guard let (name, shape, others) = named(findings), let first = findings.first else { return }
    let limit = point.form.basisLimit(shape)
    let least = findings.map { point.form.basisLimit(context.sites[$0.site].shape) }.min() ?? limit
    report(
      .wideBasis, "at rank \(first.rank), `\(point.word)` of \(name)\(others) has a basis wider than the \(limit) channels it mixes",
      at: rankSpan(point), label: "rank \(first.rank)", secondary: shapeLabel(findings),
      notes: ["columns beyond \(limit) add parameters and work, but no direction"],
      fixIts: narrowing(findings, point) + (least < 1 ? [] : stating(rank: String(least), for: findings, of: found.sites, point)))
  }

  /// A fix that gives the side of the inputs a rank of its own, where the form has one and the rank fits the side of the outputs.
  private func narrowing(_ findings: [PointFindings.Finding], _ point: FormPoint) -> [FixIt] {
    guard type(of: point.form).spec.options.contains(where: { $0.name == "input_rank" }),
      findings.allSatisfy({ $0.rank <= context.sites[$0.site].shape.outputs })
    else { return [] }
    return edits.writing("full", for: "input_rank", of: point.point.value)
  }

  /// The nearest multiple of the vector width, where all weights have one stated rank and it fits.
  func alignedRank(_ findings: [PointFindings.Finding], _ point: FormPoint) -> [FixIt] {
    guard let first = findings.first, findings.allSatisfy({ $0.rank == first.rank }), case .exact? = point.form.rank else { return [] }
    let below = first.rank / Self.vectorWidth * Self.vectorWidth
    let above = below + Self.vectorWidth
    let fitsAbove = findings.allSatisfy { above <= breakEvenRank(point.form, context.sites[$0.site].shape) }
    let nearest = below == 0 || fitsAbove && above - first.rank <= first.rank - below ? above : below
    return fitsAbove || below > 0 ? edits.writing(rank: String(nearest), of: point.point.value) : []
  }
}
