package dev.ringlet.examples.kv;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of other packages that tests use where they are installed. */
final class Tools {
  private Tools() {}

  static boolean isInstalled(String program) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
