package dev.ringlet.examples.files;

import java.nio.file.Path;

/**
 * What is copied, and how. Immutable.
 *
 * @param source the file
 * @param target the copy
 * @param blockBytes how much is read and written at once
 * @param depth blocks under way at once
 * @param direct past the page cache
 * @param overwrite whether the target may exist
 * @param verify whether the target is read back
 */
record CopyPlan(
    Path source,
    Path target,
    int blockBytes,
    int depth,
    boolean direct,
    boolean overwrite,
    boolean verify) {

  /** As many blocks as can be counted. */
  long mostBytes() {
    return (long) Integer.MAX_VALUE / 2 * blockBytes;
  }

  int blocks(long size) {
    return (int) ((size + blockBytes - 1) / blockBytes);
  }

  long position(int block) {
    return (long) block * blockBytes;
  }

  int length(int block, long size) {
    return (int) Math.min(blockBytes, size - position(block));
  }

  String differs(int block, long size) {
    return target
        + " differs from "
        + source
        + " within "
        + length(block, size)
        + " bytes from position "
        + position(block);
  }
}
