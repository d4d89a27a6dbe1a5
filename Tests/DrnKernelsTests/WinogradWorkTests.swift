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

  @Test("the plan leaves the kernels of many channels the room that they lay out, and they get no larger tasks than they take")
  func wideRoom() throws {
    var attributes = Attributes()
    attributes["kernel"] = .integers([3, 3])
    attributes["stride"] = .integers([1, 1])
    attributes["dilation"] = .integers([1, 1])
    attributes["padding"] = .integers([1, 1, 1, 1])
    for (batch, side, channels, outputs) in [(64, 8, 256, 256), (16, 32, 160, 161), (1, 4, 512, 513), (3, 7, 1000, 17), (2, 65, 130, 129)] {
      let sizes = try #require(
        ConvolutionSizes(image: [batch, side, side, channels], result: [batch, side, side, outputs], attributes))
      let plan = ConvolutionPlan(sizes)
      let wide = try #require(plan.wide)
      #expect(wide.imagesFloats == 36 * drn_winograd_wide_step(channels, wide.images * sizes.tiles))
      #expect(wide.upstreamFloats == 36 * drn_winograd_wide_step(outputs, wide.images * sizes.tiles))
      let isWhole = outputs >= WideConvolution.outputsOfTask && wide.images * sizes.tiles >= WideConvolution.tilesOfTask
      #expect(isWhole ? plan.transformFloats == drn_winograd_wide_work() : plan.transformFloats < drn_winograd_wide_work())
      #expect((0..<wide.rounds).flatMap { Array(wide.images(of: $0)) } == Array(0..<batch))
    }
  }
}
