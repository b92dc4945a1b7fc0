package dev.ringlet.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
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
    compile(source);
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

  private void compile(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "tests need a JDK");
    StringWriter messages = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(file)).call();
    assertEquals(true, compiled, messages + "\n" + source);
  }
}
