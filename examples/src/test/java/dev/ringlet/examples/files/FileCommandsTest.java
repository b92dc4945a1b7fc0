package dev.ringlet.examples.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code cat} and {@code copy}. */
final class FileCommandsTest {
  @TempDir private Path directory;
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(output))
        .setErr(new PrintWriter(errors))
        .execute(arguments);
  }

  private Path file(String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(directory.resolve(name), content);
  }

  @ParameterizedTest
  @CsvSource({
    "uring,0",
    "uring,1",
    "uring,4096",
    "uring,3000123",
    "nio,0",
    "nio,1",
    "nio,4096",
    "nio,3000123"
  })
  void copiesPastThePageCache(String driver, int bytes) throws IOException {
    Path source = file("source", bytes);
    Path target = directory.resolve("target");
    String[] arguments = {"--driver", driver, "--block", "64", source + "", target + ""};
    assertEquals(0, run(new CopyCommand(), arguments), errors.toString());
    assertEquals(-1, Files.mismatch(source, target));
    assertTrue(output.toString().contains("copied " + bytes + " bytes"), output.toString());
    assertTrue(output.toString().contains("direct; compared in"), output.toString());
  }

  @Test
  void anExistingTargetIsLeftAloneUnlessToldOtherwise() throws IOException {
    Path source = file("source", 5000);
    Path target = file("target", 100_000);
    String[] arguments = {"--buffered", "--no-verify", source.toString(), target.toString()};
    assertEquals(1, run(new CopyCommand(), arguments));
    assertTrue(errors.toString().contains("EEXIST"), errors.toString());
    assertEquals(100_000, Files.size(target));
    List<String> over = new ArrayList<>(List.of(arguments));
    over.add(0, "--overwrite");
    assertEquals(0, run(new CopyCommand(), over.toArray(new String[0])), errors.toString());
    assertEquals(-1, Files.mismatch(source, target));
    assertFalse(output.toString().contains("compared"), output.toString());
  }

  @Test
  void aFileIsNotCopiedOntoItself() throws IOException {
    String path = file("source", 5000).toString();
    assertEquals(2, run(new CopyCommand(), "--overwrite", path, path));
    assertEquals(5000, Files.size(Path.of(path)));
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    assertEquals(2, run(new CopyCommand(), "--block", "3", "a", "b"));
    assertEquals(2, run(new CopyCommand(), "--depth", "0", "a", "b"));
    assertEquals(2, run(new CatCommand()));
  }

  @Test
  void aMissingSourceIsNamed() {
    Path missing = directory.resolve("missing");
    assertEquals(1, run(new CopyCommand(), missing.toString(), directory.resolve("to").toString()));
    assertTrue(errors.toString().contains(missing + ": ENOENT"), errors.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"uring", "nio"})
  void filesAreWrittenOneBehindTheOther(String driver) throws IOException, InterruptedException {
    Path first = file("first", 1_000_001);
    Path second = file("second", 7);
    Path missing = directory.resolve("missing");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.ringlet.examples.Main", "cat", "--driver", driver));
    command.addAll(List.of(first.toString(), missing.toString(), "-", second.toString()));
    Path complaints = directory.resolve("complaints");
    Process cat = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
    try (OutputStream input = cat.getOutputStream()) {
      input.write("from standard input".getBytes(UTF_8));
    }
    byte[] written = cat.getInputStream().readAllBytes();
    assertEquals(1, cat.waitFor());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(Files.readAllBytes(first));
    expected.writeBytes("from standard input".getBytes(UTF_8));
    expected.writeBytes(Files.readAllBytes(second));
    assertArrayEquals(expected.toByteArray(), written);
    assertTrue(Files.readString(complaints).contains(missing + ": ENOENT"), "it is named");
  }

  @Test
  void whatIsThereIsAppendedTo() throws IOException {
    Path first = file("first", 300_000);
    Path target = file("target", 10);
    String[] arguments = {"--output", target.toString(), first.toString(), first.toString()};
    assertEquals(0, run(new CatCommand(), arguments), errors.toString());
    assertEquals(600_010, Files.size(target));
  }
}
