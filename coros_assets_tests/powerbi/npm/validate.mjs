// Microsoft's validator of Power BI reports on each project named, one line of JSON a project.
// Its schemas lie on a web server and are checked elsewhere: no network is used here.
import { getMetadataProvider, locateReport, runReportValidation } from "@microsoft/powerbi-report-authoring-cli";

const provider = await getMetadataProvider();
await provider.init();
for (const path of process.argv.slice(2)) {
  const report = await runReportValidation({ ...locateReport(path), provider, skipSchema: true });
  console.log(JSON.stringify(report));
}
