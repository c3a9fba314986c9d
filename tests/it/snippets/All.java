import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;

/** Runs the main method whose number a line names, one after the other, and tells what each printed and how it ended. */
public class All {
    public static void main(String[] arguments) throws Exception {
        DataOutputStream tell = new DataOutputStream(System.out);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            System.setOut(new PrintStream(out, true));
            System.setErr(new PrintStream(err, true));
            int end = 0;
            try {
                Class.forName("s" + line + ".Main").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException thrown) {
                thrown.getCause().printStackTrace();
                end = 1;
            }
            tell.writeInt(end);
            for (ByteArrayOutputStream printed : new ByteArrayOutputStream[] {out, err}) {
                tell.writeInt(printed.size());
                printed.writeTo(tell);
            }
            tell.flush();
        }
    }
}
