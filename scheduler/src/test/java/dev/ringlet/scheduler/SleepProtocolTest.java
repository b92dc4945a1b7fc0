package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@link SleepProtocolStress} under jcstress, in processes of its own. */
final class SleepProtocolTest {
  private static final long LIMIT_SECONDS = 300;
  private static final Pattern RESULTS =
      Pattern.compile("(?<planned>[0-9]+) planned; (?<passed>[0-9]+) passed, 0 failed");

  @TempDir private Path folder;

  @Test
  void noOrderOfEventsLosesAMessage() throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Process harness =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                "SleepProtocolStress",
                "-m",
                "sanity",
                "-time",
                "100",
                "-sc",
                "false",
                "-r",
                folder.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = harness.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    harness.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended, said);
    assertEquals(0, harness.exitValue(), said);
    Matcher last = null;
    for (Matcher matcher = RESULTS.matcher(said); matcher.find(); ) {
      last = RESULTS.matcher(matcher.group());
    }
    assertTrue(last != null && last.find(), said);
    assertEquals(last.group("planned"), last.group("passed"), said);
    for (String test : new String[] {"Park", "TwoSenders", "End", "Look"}) {
      Path report = folder.resolve(SleepProtocolStress.class.getName() + "." + test + ".html");
      assertTrue(Files.exists(report), test + " did not run:\n" + said);
    }
  }
}
