/// What was found about the weights at one point of a clause, so that one message can speak of them all.
struct PointFindings {
  struct Finding {
    let site: Int
    let rank: Int
    var text = ""
  }
  var tooSmall: [Finding] = []
  var tooLarge: [Finding] = []
  var undetermined: [Finding] = []
  var zeroProduct: [Finding] = []
  /// The same findings about the rank that a form states for its inputs.
  var tooSmallInputs: [Finding] = []
  var tooLargeInputs: [Finding] = []
  var undeterminedInputs: [Finding] = []
  var withoutKernel: [Finding] = []
  var grouped: [Finding] = []
  var departing: [Finding] = []
  var savesNothing: [Finding] = []
  var wideBasis: [Finding] = []
  var unaligned: [Finding] = []
  var oddScale: [Finding] = []
  var belowClasses: [Finding] = []
  /// How many weights were looked at.
  var sites = 0
  /// How many weights a transition truncates, and how many it was applied to.
  var truncated = 0
  var applied = 0
}
