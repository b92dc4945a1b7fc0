package dev.ringlet.reactive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What descriptors the process has. */
final class Descriptors {
  private Descriptors() {}

  /** How many are of a file. */
  static long of(Path file) throws IOException {
    Path real = file.toRealPath();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(descriptor -> leadsTo(real, descriptor)).count();
    }
  }

  private static boolean leadsTo(Path real, Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(real);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
