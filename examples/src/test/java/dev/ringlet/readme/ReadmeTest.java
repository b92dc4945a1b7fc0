package dev.ringlet.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles, runs, and gives what it says. */
final class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @TempDir private Path classes;

  @Test
  void theCounterCompilesAndCounts() throws Exception {
    String example = block("java");
    int main = example.indexOf("try (var system");
    String source =
        """
        import dev.ringlet.actor.Actor;
        import dev.ringlet.actor.ActorContext;
        import dev.ringlet.actor.ActorOptions;
        import dev.ringlet.actor.ActorRef;
        import dev.ringlet.actor.ActorSystem;
        import java.time.Duration;

        %s
        public final class Readme {
          public static int run() {
            %s
          }
        }
        """
            .formatted(
                example.substring(0, main),
                example
                    .substring(main)
                    .replace("int total = ", "return ")
                    .replaceFirst("\\R}\\R?\\z", "\n}"));
    Snippets.compile("Readme", source, classes);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      assertEquals(2, loader.loadClass("Readme").getMethod("run").invoke(null));
    }
  }

  /** One that starts the server and one that tests; the rest is text. */
  @Test
  void thereAreExactlyTwoCommands() throws IOException {
    Matcher blocks = Pattern.compile("```sh\\R(.*?)```", Pattern.DOTALL).matcher(readme());
    List<String> commands = blocks.results().map(found -> found.group(1).strip()).toList();
    assertEquals(2, commands.size(), commands.toString());
    assertEquals("mvn verify", commands.get(1));
  }

  private static String readme() throws IOException {
    return Files.readString(README, UTF_8);
  }

  private static String block(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("```" + language + "\\R(.*?)```", Pattern.DOTALL).matcher(readme());
    assertEquals(true, matcher.find(), "no block of " + language);
    return matcher.group(1);
  }
}
