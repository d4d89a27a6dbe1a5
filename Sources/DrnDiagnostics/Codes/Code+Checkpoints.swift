/// Weights and checkpoints that a run begins with.
extension Code {
  public static let weightsUnusable = Code(
    801, "weights_unusable",
    summary: "The file named by `weights_from` cannot be read, or does not fit the network.",
    meaning: "The safetensors file is missing or damaged, or a tensor in it has another shape than the network's.",
    why: "Half-loaded weights look like a bad network. Every tensor of the network must be found, or be mapped by `map:`.")

  public static let checkpointMissing = Code(
    802, "checkpoint_missing",
    summary: "There is no checkpoint to go on from.",
    meaning:
      "`--resume` names a folder without a run, or one whose run has ended without a checkpoint; or `--resume latest` finds no run of the network under `runs`.",
    why:
      "A run writes a checkpoint at the end of each epoch, unless --checkpoint-every says otherwise. One that was ended before its first begins again with --resume."
  )

  public static let checkpointDamaged = Code(
    803, "checkpoint_damaged",
    summary: "A checkpoint, or the log it belongs to, cannot be read.",
    meaning:
      "No checkpoint of the run has the checksum of its settings and tensors that it was written with, or a log is shorter than it was when the checkpoint was made.",
    why: "Two checkpoints are kept, and the earlier is used when the later is damaged; with neither, the run has to start again.")

  public static let checkpointDiffers = Code(
    804, "checkpoint_differs",
    summary: "A checkpoint was made with another program, seed or data set.",
    meaning:
      "A setting on which steps already done depend is another than that of the run, or its data have changed. The message names the first such difference, the notes name all, with those that are allowed because they concern only steps to come.",
    why: "A resumed run is the run that its program would have been from the start; steps done by another program would be of neither.")
}
