package dev.ringlet.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every snippet of the guide compiles. Those of one page stand in one class: types as members of
 * it, statements each in a method of its own, with what a comment before it gives as parameters.
 */
final class GuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "guide");

  private static final Pattern SNIPPET =
      Pattern.compile(
          "(?:<!-- given: (?<given>.*?) -->\\R)?```java\\R(?<code>.*?)```", Pattern.DOTALL);

  private static final Pattern TYPE =
      Pattern.compile(
          "\\A(@\\w+\\s+)*((final|sealed)\\s+)*(class|record|interface|enum)\\b.*", Pattern.DOTALL);

  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)");

  private static final String IMPORTS =
      """
      import static org.junit.jupiter.api.Assertions.*;
      import dev.ringlet.actor.*;
      import dev.ringlet.executor.*;
      import dev.ringlet.io.*;
      import dev.ringlet.reactive.*;
      import dev.ringlet.spi.*;
      import dev.ringlet.testkit.*;
      import dev.ringlet.testkit.junit.*;
      import dev.ringlet.testkit.sim.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.function.*;
      import org.junit.jupiter.api.Test;
      import org.reactivestreams.*;
      """;

  @TempDir private Path classes;

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(GUIDE)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void snippetsCompile(Path page) throws IOException {
    List<MatchResult> snippets = SNIPPET.matcher(Files.readString(page, UTF_8)).results().toList();
    assertEquals(page.endsWith("README.md"), snippets.isEmpty(), "an index, or snippets");
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < snippets.size(); i++) {
      String given = snippets.get(i).group(1);
      String code = snippets.get(i).group(2);
      if (TYPE.matcher(code).matches()) {
        body.append("static ").append(code);
      } else {
        body.append(
                "static void snippet%d(%s) throws Exception {\n"
                    .formatted(i, given == null ? "" : given))
            .append(code)
            .append("}\n");
      }
    }
    Snippets.compile("Guide", IMPORTS + "public final class Guide {\n" + body + "}\n", classes);
  }

  @Test
  void everyPageIsInTheIndexAndLinksLeadSomewhere() throws IOException {
    String index = Files.readString(GUIDE.resolve("README.md"), UTF_8);
    for (Path page : pages().toList()) {
      String name = page.getFileName().toString();
      assertTrue(name.equals("README.md") || index.contains("(" + name + ")"), name);
      for (MatchResult link : LINK.matcher(Files.readString(page, UTF_8)).results().toList()) {
        assertTrue(Files.exists(GUIDE.resolve(link.group(1))), page + ": " + link.group(1));
      }
    }
    assertEquals(11, pages().count());
  }
}
