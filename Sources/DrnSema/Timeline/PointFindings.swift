/// What was found about the weights at one point of a clause, so that one message can speak of them all.
struct PointFindings {
  struct Finding {
    let site: Int
    let rank: Int
    var text = ""
  }

  enum Kind {
    case tooSmall, tooLarge, tooDear, undetermined, zeroProduct
    /// The first three about the rank that a form states for its inputs.
    case tooSmallInputs, tooLargeInputs, undeterminedInputs
    /// Zeros that have no gradient in the form.
    case fixedZeros
    case withoutKernel, grouped, departing, savesNothing, wideBasis, unaligned, oddScale, belowClasses
  }

  private var findings: [Kind: [Finding]] = [:]
  /// How many weights were looked at.
  var sites = 0
  /// How many weights a transition truncates, and how many it was applied to.
  var truncated = 0
  var applied = 0

  subscript(kind: Kind) -> [Finding] {
    get { findings[kind] ?? [] }
    set { findings[kind] = newValue }
  }
}
