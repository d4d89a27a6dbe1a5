import DrnIR
import DrnPlan
import Testing

@Suite("The plan checker")
struct PlanCheckerTests {
  /// Two live temporaries, a weight replaced in place, work space, and a scalar result.
  private func sample() throws -> (module: Module, plan: SegmentPlan) {
    var b = Builder(function: "f", in: Module(name: "sample"))
    let w = b.argument("w", role: .weight, .f32([8, 16]))
    let x = b.argument("x", role: .batch, .f32([8, 16]))
    let left = try b.matmul(x, w, transposeRight: true)
    let right = try b.matmul(w, x, transposeRight: true)
    let product = try b.matmul(left, right)
    b.result("w", role: .weight, try b.add(w, try b.matmul(product, x)))
    b.result("sum", role: .output, try b.sumAll(product))
    let module = PlanSamples.module(b.function)
    return (module, try planSegment(module, functions: ["f"], scratch: { operation, _ in operation.opcode == .matmul ? 100 : 0 }))
  }

  private func findings(_ corrupt: (inout SegmentPlan) -> Void) throws -> [String] {
    var (module, plan) = try sample()
    corrupt(&plan)
    return checkPlan(plan, module)
  }

  @Test("a sound plan has no findings")
  func sound() throws { #expect(try findings { _ in } == []) }

  @Test("two live values in one place")
  func overlap() throws {
    let found = try findings { plan in
      guard let place = plan.functions[0].placements[2] else { return }
      plan.functions[0].placements[3]?.offset = place.offset
    }
    #expect(found.contains { $0.contains("value 2 has been overwritten") })
  }

  @Test("a value that shares only its last bytes with another")
  func partialOverlap() throws {
    let found = try findings { plan in
      guard let place = plan.functions[0].placements[2] else { return }
      plan.functions[0].placements[3]?.offset = place.offset + place.layout.bytes - 64
    }
    #expect(found.contains { $0.contains("overwritten") })
  }

  @Test("a product written over its own operand")
  func productInPlace() throws {
    let found = try findings { plan in
      guard let place = plan.functions[0].placements[2] else { return }
      plan.functions[0].placements[4]?.offset = place.offset
    }
    #expect(found.contains { $0.contains("written over operand value 2 while it is read") })
  }

  @Test("an offset that is not aligned")
  func alignment() throws {
    #expect(try findings { $0.functions[0].placements[2]?.offset += 4 }.contains { $0.contains("not a multiple of 64") })
    #expect(try findings { $0.slots[0].offset += 4 }.contains { $0.contains("not a multiple of 64") })
  }

  @Test("slots in one place, and a slot in the temporary region")
  func slots() throws {
    #expect(try findings { $0.slots[1].offset = 0 }.contains { $0.contains("slots w and x overlap") })
    #expect(try findings { $0.slots[1].offset = $0.temporaryOffset }.contains { $0.contains("temporary region") })
  }

  @Test("an arena that ends too early")
  func tooSmall() throws {
    #expect(try findings { $0.temporaryBytes -= 64 }.contains { $0.contains("outside the temporary region") || $0.contains("misplaced") })
  }

  @Test("a layout of the wrong size")
  func size() throws {
    let found = try findings { plan in
      guard let smaller = Layout(.f32([8, 2]), pitch: tightPitch) else { return }
      plan.functions[0].placements[2]?.layout = smaller
    }
    #expect(found.contains { $0.contains("laid out as 8 x 2") })
  }

  @Test("work space over an operand")
  func scratch() throws {
    let found = try findings { plan in
      guard let place = plan.functions[0].placements[2] else { return }
      plan.functions[0].scratch[2].offset = place.offset
    }
    #expect(found.contains { $0.contains("work space overlaps operand value 2") })
  }

  @Test("work space of a batch normalization over what the operation before it uses")
  func joinedWork() throws {
    var b = Builder(function: "f", in: Module(name: "sample"))
    let x = b.argument("x", role: .batch, .f32([1, 4, 4, 3]))
    let w = b.argument("w", role: .weight, .f32([27, 3]))
    let scale = b.argument("scale", role: .weight, .f32([3]))
    let y = try b.convolution(x, w, ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1)))
    let normalized = try b.emit(.batchNorm, [y, scale, scale], ["epsilon": .number(0.1)])
    b.result("y", role: .output, normalized[0])
    let module = PlanSamples.module(b.function)
    var plan = try planSegment(module, functions: ["f"], scratch: { _, _ in 100 })
    #expect(checkPlan(plan, module) == [])
    plan.functions[0].scratch[1].offset = plan.functions[0].scratch[0].offset
    #expect(checkPlan(plan, module).contains { $0.contains("with which it may run") })
  }

  @Test("a lifetime that ends before the last use")
  func lifetime() throws {
    #expect(try findings { $0.functions[0].placements[2]?.lifetime = 0...1 }.contains { $0.contains("lives 0...2, the plan says 0...1") })
  }

  @Test("a copy left out, and a weight replaced although its old value is read later")
  func moves() throws {
    let module = try PlanSamples.lateRead()
    var plan = try planSegment(module, functions: ["f"])
    plan.functions[0].moves.removeAll()
    #expect(checkPlan(plan, module).contains { $0.contains("result w has been overwritten or was never written") })
    plan = try planSegment(module, functions: ["f"])
    plan.functions[0].placements[1]?.offset = plan.slots[0].offset
    plan.functions[0].placements[1]?.slot = 0
    #expect(checkPlan(plan, module).contains { $0.contains("operand value 0 has been overwritten") })
  }

  @Test("exchanged arguments copied in the wrong order")
  func moveOrder() throws {
    let module = PlanSamples.exchange()
    var plan = try planSegment(module, functions: ["f"])
    plan.functions[0].moves.reverse()
    #expect(checkPlan(plan, module) != [])
  }

  @Test("tables that do not fit the function are reported, not indexed")
  func tables() throws {
    #expect(try findings { $0.functions[0].placements.removeLast() }.contains { $0.contains("do not fit") })
    #expect(try findings { $0.functions[0].argumentSlots[0] = 99 }.contains { $0.contains("do not fit") })
    #expect(try findings { $0.functions[0].name = "g" }.contains { $0.contains("the module has not") })
  }
}
