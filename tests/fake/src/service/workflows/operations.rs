//! The workflow operations.

use http::StatusCode;

use super::store::Workflows;
use super::workflow::Workflow;
use super::{blocks, edges, versions};
use crate::response::Response;
use crate::service::pages::page;
use crate::service::request::Request;

impl Workflows {
    pub(crate) fn handle(&mut self, request: &Request) -> Option<Response> {
        let response = match request.operation {
            "list_workflows" => Ok(self.list(request)),
            "create_workflow" => Ok(self.create(request)),
            "get_workflow" => self.of_path(request).map(|workflow| workflow.response(200)),
            "update_workflow" => self.update(request),
            "delete_workflow" => self.delete(request),
            "publish_workflow" => self.publish(request),
            "discard_draft_workflow" => self.discard_draft(request),
            "export_workflow_spec" => self.of_path(request).map(|workflow| workflow.definition()),
            _ => return self.handle_parts(request),
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn handle_parts(&mut self, request: &Request) -> Option<Response> {
        let response = versions::handle(self, request)
            .or_else(|| blocks::handle(self, request))
            .or_else(|| edges::handle(self, request))?;
        Some(response.unwrap_or_else(|error| error))
    }

    fn list(&self, request: &Request) -> Response {
        let project = request.query_text("project_id");
        let mut workflows: Vec<&Workflow> = self.by_id.values().collect();
        workflows.retain(|workflow| project.is_none() || workflow.project_id.as_deref() == project);
        workflows.sort_by_key(|workflow| workflow.created_at);
        let workflows = workflows.into_iter().map(Workflow::to_json);
        page(request, workflows.collect(), "id")
    }

    fn create(&mut self, request: &Request) -> Response {
        self.created += 1;
        let body = request.body();
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        let mut workflow = Workflow::empty(format!("wf_{:06}", self.created), request.now);
        workflow.name = text("name").unwrap_or(workflow.name);
        workflow.description = text("description").unwrap_or_default();
        workflow.project_id = text("project_id");
        let response = workflow.response(201);
        self.by_id.insert(workflow.id.clone(), workflow);
        response
    }

    fn update(&mut self, request: &Request) -> Result<Response, Response> {
        let workflow = self.of_path(request)?;
        if let Some(name) = request.body()["name"].as_str() {
            name.clone_into(&mut workflow.name);
        }
        // The description is not nullable, so null clears it to an empty string.
        if let Some(description) = request.body().get("description") {
            let text = description.as_str().unwrap_or_default();
            text.clone_into(&mut workflow.description);
        }
        workflow.updated_at = request.now;
        Ok(workflow.response(200))
    }

    fn delete(&mut self, request: &Request) -> Result<Response, Response> {
        let id = self.of_path(request)?.id.clone();
        self.by_id.remove(&id);
        self.deleted.insert(id);
        Ok(Response::empty(204))
    }

    fn publish(&mut self, request: &Request) -> Result<Response, Response> {
        let id = format!("ver_{:06}", self.published + 1);
        let workflow = self.of_path(request)?;
        let description = request.body()["description"].as_str().unwrap_or_default();
        workflow.publish_graph(&id, workflow.draft.clone(), description, request.now);
        let response = workflow.response(200);
        self.published += 1;
        Ok(response)
    }

    fn discard_draft(&mut self, request: &Request) -> Result<Response, Response> {
        let workflow = self.of_path(request)?;
        let Some(published) = workflow.published_version().map(ToOwned::to_owned) else {
            let message = "The workflow has no published version to restore";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "workflow_not_published",
                message,
            ));
        };
        workflow.draft = workflow.version(&published)?.graph.clone();
        workflow.updated_at = request.now;
        Ok(workflow.response(200))
    }
}
