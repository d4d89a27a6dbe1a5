import DrnSweep
import Testing

@Suite("Successive halving") struct HalvingTests {
  private func run(_ accuracy: Double?, _ loss: Double? = nil, train: Double? = 1) -> SweepScore {
    SweepScore(accuracy: accuracy, loss: loss, trainLoss: train)
  }

  @Test("the share is rounded up, so that one is left") func share() throws {
    let third = try Halving(share: "1/3", epochs: "1,5")
    #expect([9, 8, 4, 3, 2, 1].map(third.kept) == [3, 3, 2, 1, 1, 1] && third.epochs == [1, 5])
    for share in ["1", "1/1", "2/1", "0/2", "1/0", "-1/2", "0.5", "", "1/2/3", "a/b", "1/9999999999"] {
      #expect(throws: SweepFault.self, "\(share)") { try Halving(share: share, epochs: "1") }
    }
    for epochs in ["", "0", "2,2", "3,1", "-1", "a", "1,", "9999999999"] {
      #expect(throws: SweepFault.self, "\(epochs)") { try Halving(share: "1/2", epochs: epochs) }
    }
  }

  @Test("by the mean accuracy, then the loss, then the order; a failed run comes last") func decisions() throws {
    let half = try Halving(share: "1/2", epochs: "2")
    let scores: [(setting: Int, runs: [SweepScore?])] = [
      (0, [run(0.9, 1), run(0.5, 1)]), (3, [run(0.75, 2), run(0.75, 2)]), (5, [run(0.75, 1), run(0.75, 1)]), (6, [run(1, 0), nil]),
    ]
    let decision = half.decide(epoch: 2, scores)
    #expect(decision.kept == [3, 5] && decision.stopped == [0, 6] && decision.measure == .accuracy && decision.epoch == 2)
    #expect(try Halving(share: "1/4", epochs: "2").decide(epoch: 2, scores).kept == [5])
  }

  @Test("without classes by the validation loss, without validation by the training loss") func measures() throws {
    let half = try Halving(share: "1/2", epochs: "1")
    let loss = half.decide(epoch: 1, [(0, [run(nil, 2, train: 1)]), (1, [run(nil, 1, train: 2)])])
    #expect(loss.measure == .loss && loss.kept == [1])
    let train = half.decide(epoch: 1, [(0, [run(nil, train: 1)]), (1, [run(nil, train: 2)])])
    #expect(train.measure == .trainLoss && train.kept == [0])
    #expect(half.decide(epoch: 1, [(0, [run(nil, .nan)]), (1, [run(nil, 5)])]).kept == [1])
  }
}
