import CKernels
import DrnIR
import DrnKernels
import Testing

@Suite("Work space of transformed convolutions") struct WinogradWorkTests {
  @Test("the plan leaves the kernels the room that they lay out, for every number of channels on both sides")
  func room() throws {
    var attributes = Attributes()
    attributes["kernel"] = .integers([3, 3])
    attributes["stride"] = .integers([1, 1])
    attributes["dilation"] = .integers([1, 1])
    attributes["padding"] = .integers([1, 1, 1, 1])
    var compared = 0
    for channels in 1...140 {
      for outputs in 1...140 {
        let sizes = try #require(ConvolutionSizes(image: [2, 32, 32, channels], result: [2, 32, 32, outputs], attributes))
        let plan = ConvolutionPlan(sizes)
        guard plan.method == .winograd else { continue }
        if plan.transformFloats != Int(drn_winograd_work(channels, outputs)) {
          Issue.record("\(channels) to \(outputs): \(plan.transformFloats) planned, \(drn_winograd_work(channels, outputs)) laid out")
        }
        compared += 1
      }
    }
    // All pairs of 16 to 128 channels, and those beyond with few on the other side.
    #expect(compared >= 113 * 113)
  }
}
