package dev.ringlet.testkit.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The seeds that a test has failed with. */
final class SeedFile {
  private static final Path TESTS = Path.of("src", "test");
  private static final Path USUAL = TESTS.resolve("resources").resolve("sim-seeds");

  /** Null where seeds are not kept. */
  private final @Nullable Path file;

  private SeedFile(@Nullable Path file) {
    this.file = file;
  }

  static SeedFile of(Class<?> tests, Method test, Optional<String> folder) {
    String name = tests.getName() + "." + test.getName() + ".txt";
    Optional<Path> kept =
        folder.map(Path::of).or(() -> Optional.of(USUAL).filter(usual -> Files.isDirectory(TESTS)));
    return new SeedFile(kept.map(present -> present.resolve(name)).orElse(null));
  }

  /** In the order in which they were found. */
  List<Long> seeds() {
    if (file == null || !Files.exists(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file, UTF_8).stream()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NumberFormatException e) {
      throw new IllegalStateException(file + ": one seed a line, and comments after a #", e);
    }
  }

  /** Adds a seed unless it is there. */
  void add(long seed, String comment) {
    if (file == null || seeds().contains(seed)) {
      return;
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file,
          seed + " # " + comment.lines().findFirst().orElse("") + "\n",
          UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("the seed " + seed + " is not kept", e);
    }
  }

  @Override
  public String toString() {
    return file == null ? "no file" : file.toString();
  }
}
