package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;

/** The files of a simulation. The simulation's thread. */
final class SimDisk {
  private final SimWorld world;

  SimDisk(SimWorld world) {
    this.world = world;
  }

  /** OPEN, RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY, and STAT of a path. */
  void execute(SimOperation operation) {
    operation.fail(Errno.EOPNOTSUPP);
  }
}
