extension Page {
  /// The pages of codes DRN0800 to DRN0899.
  static let checkpoints: [Page] = [
    Page(
      .weightsUnusable, meaning: "The safetensors file is missing or damaged, or a tensor in it has another shape than the network's.",
      why: "Half-loaded weights look like a bad network. Every tensor of the network must be found, or be mapped by `map:`."),
    Page(
      .checkpointMissing,
      meaning:
        "`--resume` names a folder without a run, or one whose run has ended without a checkpoint; or `--resume latest` finds no run of the network under `runs`.",
      why:
        "A run writes a checkpoint at the end of each epoch, unless --checkpoint-every says otherwise. One that was ended before its first begins again with --resume."
    ),
    Page(
      .checkpointDamaged,
      meaning:
        "No checkpoint of the run has the checksum of its settings and tensors that it was written with, or a log is shorter than it was when the checkpoint was made.",
      why: "Two checkpoints are kept, and the earlier is used when the later is damaged; with neither, the run has to start again."),
    Page(
      .checkpointDiffers,
      meaning:
        "A setting on which steps already done depend is another than that of the run, or its data have changed. The message names the first such difference, the notes name all, with those that are allowed because they concern only steps to come.",
      why:
        "A resumed run is the run that its program would have been from the start; steps done by another program would be of neither."),
  ]
}
