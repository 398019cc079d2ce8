package io.ruori.http;

import io.ruori.api.Revision;
import io.ruori.view.WatchCursor;
import io.ruori.view.WatchEvent;
import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * A watcher's events as a stream, pulled from its cursor as fast as the client reads. Whatever has piled up goes out as one
 * piece. A client that cannot keep up is told 410 and must list again.
 */
final class WatchSource extends GraphStage<SourceShape<ByteString>> {
    private static final int MOST_AT_ONCE = 500;
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);
    private static final String BOOKMARK = "bookmark";
    private static final String END = "end";

    private final Outlet<ByteString> out = Outlet.create("watch.out");
    private final SourceShape<ByteString> shape = SourceShape.of(out);
    private final WatchCursor cursor;
    private final WatchEncoder encoder;
    private final boolean bookmarks;
    private final Duration life;

    /**
     * @param life how long until the stream ends by itself; clients then watch again from their last revision
     */
    WatchSource(WatchCursor cursor, WatchEncoder encoder, boolean bookmarks, Duration life) {
        this.cursor = cursor;
        this.encoder = encoder;
        this.bookmarks = bookmarks;
        this.life = life;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private AsyncCallback<Boolean> ready = createAsyncCallback(more -> {});
        private boolean bookmarkDue;
        private boolean ending;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    give();
                }
            });
        }

        @Override
        public void preStart() {
            ready = createAsyncCallback(more -> give());
            scheduleOnce(END, life);
            if (bookmarks) {
                scheduleAtFixedRate(BOOKMARK, BOOKMARK_EVERY, BOOKMARK_EVERY);
            }
        }

        @Override
        public void onTimer(Object key) {
            bookmarkDue = bookmarks;
            ending |= key.equals(END);
            give();
        }

        private void give() {
            if (!isAvailable(out)) {
                return;
            }
            switch (cursor.poll(MOST_AT_ONCE)) {
                case WatchCursor.Polled.CutOff cut -> {
                    push(out, encoder.error(WatchRoute.tooOld(cut.oldest(), cut.oldest())));
                    completeStage();
                }
                case WatchCursor.Polled.Ended over -> completeStage();
                case WatchCursor.Polled.Events events
                when !events.events().isEmpty() -> {
                    ByteStringBuilder piece = ByteString.createBuilder();
                    for (WatchEvent event : events.events()) {
                        piece.append(encoder.event(event));
                    }
                    push(out, piece.result());
                }
                case WatchCursor.Polled.Events nothing -> idle();
            }
        }

        private void idle() {
            if (bookmarkDue) {
                bookmarkDue = false;
                Revision revision = cursor.bookmark();
                push(out, encoder.bookmark(revision, false));
            } else if (ending) {
                completeStage();
            } else {
                AsyncCallback<Boolean> callback = ready;
                cursor.onReady(() -> callback.invoke(true));
            }
        }

        @Override
        public void postStop() {
            cursor.close();
        }
    }
}
