package dev.ringlet.examples.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code cat} and {@code copy}. */
final class FileCommandsTest {
  private static final double MIB = 1 << 20;

  private static final Pattern BAR =
      Pattern.compile(
          "(?<what>copies  |compares) \\[(?<full>#*)(?<rest>-*)] (?<percent>[ \\d]{3})% of"
              + " (?<mib>\\d+) MiB, (?<rate>\\d+) MiB/s ");

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
    assertSummary(bytes, "direct");
  }

  /** Each rate is that of the bytes in the seconds that are told, as far as these are rounded. */
  private void assertSummary(long bytes, String way) {
    String rate = "([0-9.]+) s, (\\d+) MiB/s";
    Matcher summary =
        Pattern.compile(
                "copied (\\d+) bytes in " + rate + ", " + way + "; compared in " + rate + "\n")
            .matcher(output.toString());
    assertTrue(summary.find(), output.toString());
    assertEquals(bytes, Long.parseLong(summary.group(1)));
    for (int group = 2; group <= 4; group += 2) {
      double seconds = Double.parseDouble(summary.group(group));
      double mibPerSecond = Double.parseDouble(summary.group(group + 1));
      double mib = bytes / MIB;
      double least = Math.max(0, seconds - 0.005) * Math.max(0, mibPerSecond - 0.5);
      assertTrue(least <= mib, summary.group());
      assertTrue((seconds + 0.005) * (mibPerSecond + 0.5) >= mib, summary.group());
    }
  }

  /** In blocks so small and one at a time, a copy takes longer than it takes to draw the bar. */
  @Test
  void aBarGrowsWhileACopyIsMade() throws IOException {
    long bytes = 16 << 20;
    Path source = file("source", 0);
    try (FileChannel sparse = FileChannel.open(source, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.allocate(1), bytes - 1);
    }
    Path target = directory.resolve("target");
    String[] arguments = {
      "--driver", "nio", "--progress", "--buffered", "--block", "4", "--depth", "1"
    };
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(source.toString(), target.toString()));
    assertEquals(0, run(new CopyCommand(), all.toArray(new String[0])), errors.toString());
    assertEquals(-1, Files.mismatch(source, target));
    String[] lines = output.toString().split("\r", -1);
    assertEquals("", lines[0]);
    assertEquals("", lines[lines.length - 2].strip(), "the bar is wiped off");
    assertTrue(lines.length > 3, "no bar: " + output);
    for (String line : Arrays.copyOfRange(lines, 1, lines.length - 2)) {
      assertTrue(BAR.matcher(line).matches(), line);
      assertTrue(line.length() <= lines[lines.length - 2].length(), line);
    }
    assertSummary(bytes, "through the page cache");
  }

  @Test
  void theBarTellsThePartAndTheRate() {
    CopyProgress progress = new CopyProgress();
    long before = System.nanoTime();
    progress.begins(8 << 20);
    progress.adds(2 << 20);
    assertBar("copies  ", 25, 2, before, progress);
    progress.adds(6 << 20);
    assertBar("copies  ", 100, 8, before, progress);
    progress.written();
    assertBar("compares", 0, 0, before, progress);
    progress.adds(4 << 20);
    assertBar("compares", 50, 4, before, progress);
  }

  /** The rate is no lower than if all had been done since the beginning. */
  private static void assertBar(
      String what, int percent, int mib, long beginNanos, CopyProgress progress) {
    Matcher bar = BAR.matcher(CopyCommand.bar(progress));
    double lowest = mib / ((System.nanoTime() - beginNanos) / 1e9);
    assertTrue(bar.matches(), bar::toString);
    assertEquals(what, bar.group("what"));
    assertEquals(percent, Integer.parseInt(bar.group("percent").strip()));
    int width = bar.group("full").length() + bar.group("rest").length();
    assertEquals(width * percent / 100, bar.group("full").length());
    assertEquals("8", bar.group("mib"));
    double rate = Double.parseDouble(bar.group("rate"));
    assertTrue(rate >= lowest - 0.5, rate + " MiB/s, not " + lowest);
    assertTrue(mib > 0 || rate == 0, rate + " MiB/s");
  }

  /** Another hand writes to the copy when it is whole and was not compared yet. */
  private static final class Tampered extends CopyProgress {
    private final Path copy;
    private final long position;

    Tampered(Path copy, long position) {
      this.copy = copy;
      this.position = position;
    }

    @Override
    void written() {
      try (FileChannel channel =
          FileChannel.open(
              copy, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, position);
        channel.write(one.put(0, (byte) (one.get(0) + 1)).flip(), position);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      super.written();
    }
  }

  @ParameterizedTest
  @CsvSource({"uring, true", "uring, false", "nio, true", "nio, false"})
  void whereACopyDiffersIsTold(String driver, boolean direct) throws Exception {
    Path source = file("source", 1_000_001);
    Path target = directory.resolve("target");
    CopyPlan plan = new CopyPlan(source, target, 64 << 10, 4, direct, false, true);
    Tampered progress = new Tampered(target, 3 * (64 << 10) + 17);
    ExecutorPool pool = ExecutorPool.of(1).withDriver(driver);
    try (ActorSystem system = ActorSystem.create("copy", pool)) {
      system.spawn(() -> new CopyActor(plan, progress), ActorOptions.defaults());
      CompletionException told =
          assertThrows(
              CompletionException.class, progress.done().orTimeout(60, TimeUnit.SECONDS)::join);
      assertEquals(
          target + " differs from " + source + " within 65536 bytes from position 196608",
          told.getCause().getMessage());
      Awaitility.await().until(() -> system.stats().executors().get(0).buffersLent() == 0);
      assertEquals(0, system.stats().failures());
    }
    assertEquals(3 * (64 << 10) + 17, Files.mismatch(source, target));
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
