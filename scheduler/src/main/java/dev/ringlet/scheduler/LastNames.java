package dev.ringlet.scheduler;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes names away that must not outlive their executor, when nobody else does it any more: its
 * driver is closed. This blocks, but for one call each, and the executor has nothing else to do.
 * Owner executor only.
 */
final class LastNames {
  private static final System.Logger LOG = System.getLogger(LastNames.class.getName());

  private LastNames() {}

  static void delete(Path name) {
    try {
      Files.deleteIfExists(name);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, name + ": left behind by a system that was closed", failure);
    }
  }
}
