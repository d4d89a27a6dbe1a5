import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension RankChecker {
  /// Whether the rank that a form states for its inputs is one the weight can have.
  func fitsInputs(
    _ form: any Parameterization, _ shape: WeightShape, after previous: FormSpan?, _ place: Place, _ found: inout PointFindings
  ) -> Bool {
    guard let second = form.secondRank, !second.fits(shape) else { return true }
    if second.rule == .current, previous?.form is any AugmentedForm { return true }
    guard let rank = second.resolve(shape) else {
      found[.undeterminedInputs].append(.init(site: place.site, rank: 0))
      return false
    }
    let finding = PointFindings.Finding(site: place.site, rank: rank)
    if rank < 1 { found[.tooSmallInputs].append(finding) } else { found[.tooLargeInputs].append(finding) }
    return false
  }

  /// Reports ranks of the inputs that a weight cannot have.
  func reportInputRanks(_ found: PointFindings, _ point: FormPoint) {
    guard let second = point.form.secondRank else { return }
    let (option, span) = (second.option, edits.argument(second.option, of: point.point.value)?.value.span ?? point.point.value.span)
    if let (name, _, others) = named(found[.undeterminedInputs]) {
      report(
        .undeterminedRank, "`\(option)` of \(name)\(others) is not known here", at: span, label: "no number",
        help: "write a number, `full`, or a share such as `1/2 of inputs`")
    }
    if let (name, _, others) = named(found[.tooSmallInputs]), let first = found[.tooSmallInputs].first {
      report(
        .rankTooSmall, "`\(option)` of \(name)\(others) is \(first.rank), and the least rank is 1", at: span, label: "rank \(first.rank)",
        secondary: shapeLabel(found[.tooSmallInputs]))
    }
    if let (name, shape, others) = named(found[.tooLargeInputs]), let first = found[.tooLargeInputs].first {
      report(
        .rankTooLarge, "`\(option)` of \(name)\(others) is \(first.rank), and the largest possible is \(second.largest(shape))", at: span,
        label: "rank \(first.rank)", secondary: shapeLabel(found[.tooLargeInputs]),
        notes: ["the convolution reads \(counted(shape.channels, "channel"))"], help: "`full` stands for the largest one",
        fixIts: edits.writing("full", for: option, of: point.point.value))
    }
  }
}
