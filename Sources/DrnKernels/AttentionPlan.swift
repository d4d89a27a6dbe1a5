import DrnIR

/// How an attention or its gradient is divided into tasks, by its shape alone, and the work space of one.
///
/// A task of the forward pass is some queries of one head. One of the gradient is a head of keys and values with every query that goes with
/// it; where those are few, some of its keys give the gradients by keys and values, and then some of its queries those by queries, which
/// computes the scores twice.
public struct AttentionPlan: Hashable, Sendable {
  /// The extents.
  public let shape: AttentionShape
  /// Whether it is of the gradient.
  public let isGradient: Bool
  /// Positions of one task, but for a last one.
  public let chunk: Int

  /// Queries that are worked on at a time; `attention_block` of the kernels.
  public static let block = 32
  /// Keys whose scores the gradient works on at a time; `attention_keys` of the kernels.
  public static let keyBlock = 128

  /// `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    guard let shape = AttentionShape(operation, function) else { return nil }
    self.init(shape, isGradient: operation.opcode == .attentionGradient)
  }

  init(_ shape: AttentionShape, isGradient: Bool) {
    (self.shape, self.isGradient) = (shape, isGradient)
    let heads = max(saturatedProduct(shape.batch, isGradient ? shape.groups : shape.heads), 1)
    let isEnough = heads >= (isGradient ? Self.enoughGroups : Self.enoughTasks)
    let chunks = isEnough ? 1 : min(blockCount(shape.length, Self.leastChunk), blockCount(Self.enoughTasks, heads))
    let even = blockCount(shape.length, max(chunks, 1))
    chunk = min(saturatedProduct(blockCount(even, Self.block), Self.block), max(shape.length, 1))
  }

  /// Chunks of a sequence.
  public var chunks: Int { blockCount(shape.length, chunk) }
  /// Tasks of its first step.
  public var tasks: Int { saturatedProduct(shape.batch, isGradient ? shape.groups : shape.heads, chunks) }
  /// Steps one after the other.
  public var steps: Int { isGradient && chunks > 1 ? 2 : 1 }

  /// Floats that a task works in: keys and values with, for the gradient, their gradients, then blocks of queries and their scores. None
  /// without sequences.
  public var workFloats: Int {
    guard shape.batch > 0 else { return 0 }
    let (width, length) = (roundedToBlock(shape.size), roundedToBlock(shape.length))
    let block = Self.block
    guard isGradient else {
      return saturatedSum(
        saturatedProduct(2, length, width), saturatedProduct(3, block, width), saturatedProduct(block, length))
    }
    return saturatedSum(
      saturatedProduct(4, length, width), saturatedProduct(5, block, width), 2 * block * Self.keyBlock)
  }

  /// Multiply-adds as executed, an exponential counted as what takes as long.
  public var multiplyAdds: Double {
    let (length, heads) = (Double(shape.length), Double(shape.batch) * Double(shape.heads))
    // A block of queries takes the keys that the last of them sees.
    let keys = shape.isCausal ? min(length, (length + Double(Self.block)) / 2) : length
    let pairs = heads * Double(roundedToBlock(shape.length)) * keys
    let (own, padded) = (Double(shape.size), Double(roundedToBlock(shape.size)))
    guard isGradient else { return pairs * (own + padded + Self.exponential) + heads * length * Self.position }
    let scores = pairs * Double(steps) * (2 * own + Self.exponential)
    return scores + pairs * 3 * padded + heads * length * Double(steps) * Self.gradientPosition
  }

  /// Multiply-adds of a large product that take as long as what is done once for a position: copies, transposes, and ends of loops.
  private static let position = 600.0
  private static let gradientPosition = 2000.0
  /// Multiply-adds of a large product that take as long as the exponential of a score and what surrounds it.
  static let exponential = 30.0
  /// Tasks that keep a machine busy.
  private static let enoughTasks = 16
  /// Heads of keys and values above which scores are not computed twice.
  private static let enoughGroups = 4
  /// Positions below which a chunk costs more than it gains: each packs keys and values anew.
  private static let leastChunk = 64
}
