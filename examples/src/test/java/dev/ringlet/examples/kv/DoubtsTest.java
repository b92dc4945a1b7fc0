package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who may see what, after a log has refused a change that was made. */
final class DoubtsTest {
  private final Doubts doubts = new Doubts();

  /** As the router makes them: several keys are in the arguments only. */
  private static Request request(String command) {
    String[] words = command.split(" ", -1);
    byte[][] arguments = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = Ascii.bytes(words[i]);
    }
    CommandSpec spec = Objects.requireNonNull(CommandTable.INSTANCE.find(arguments[0]));
    boolean one = spec.kind() == CommandSpec.Kind.ONE_KEY;
    return new Request(spec, arguments, one ? new Bytes(arguments[1]) : Request.NO_KEY);
  }

  private boolean concern(String command) {
    return doubts.concern(request(command));
  }

  @Test
  void nothingIsInDoubtAtFirst() {
    assertTrue(doubts.isEmpty());
    assertFalse(concern("GET a"));
    assertFalse(concern("DBSIZE"));
  }

  @Test
  void keyThatWasSet() {
    doubts.add(request("SET a 1"), 70);
    assertEquals(70, doubts.position());
    assertTrue(concern("GET a"));
    assertFalse(concern("GET b"));
    assertTrue(concern("MGET b a"));
    assertFalse(concern("MGET b c"));
    assertTrue(concern("SCAN 0"));
    assertFalse(concern("INFO"), "the server's report on itself shows no key");
  }

  @Test
  void keysThatWereSetTogether() {
    doubts.add(request("MSET a 1 b 2"), 70);
    assertTrue(concern("GET a"));
    assertTrue(concern("GET b"));
    assertFalse(concern("GET 1"), "a value is no key");
  }

  @Test
  void removalOfEverything() {
    doubts.add(request("FLUSHALL"), 70);
    assertTrue(concern("GET a"));
  }

  @Test
  void nothingIsInDoubtWhenTheLogHasIt() {
    doubts.add(request("FLUSHALL"), 70);
    doubts.add(request("DEL a"), 90);
    doubts.clear();
    assertTrue(doubts.isEmpty());
    assertFalse(concern("GET a"));
  }
}
